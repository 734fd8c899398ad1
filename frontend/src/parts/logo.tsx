/** The site's logo, the same as public/icon.svg. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#1f5f5b" />
      <path d="M9 21v-7a3.5 3.5 0 0 1 7 0v7m0-7a3.5 3.5 0 0 1 7 0v7" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" />
    </svg>
  );
}

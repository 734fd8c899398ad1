import type { ComponentChildren } from 'preact';

/** What is shown where there is nothing yet, or nothing any more, with the next step. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

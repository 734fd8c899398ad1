// The token of the invitation that is being accepted. It survives the sign-in, which leaves the site, in this window only.
const KEY = 'minim.invitation';

/** Takes the token from an address of the form /app/invitation#sp_…, and removes it from there. A fragment is never sent to a server. */
export function takeInvitation(): void {
  if (location.pathname !== '/app/invitation' || location.hash.length < 2) return;
  sessionStorage.setItem(KEY, location.hash.slice(1));
  history.replaceState(null, '', location.pathname);
}

export const invitation = (): string => sessionStorage.getItem(KEY) ?? '';
export const forgetInvitation = (): void => sessionStorage.removeItem(KEY);

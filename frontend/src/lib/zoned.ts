// Times in form fields (2026-11-30T18:05), in the person's time zone.
import { zone } from './preferences';

/** Returns a field's value for a time, "" for none. */
export function toField(at: string | null): string {
  return at ? new Date(at).toLocaleString('sv-SE', { timeZone: zone(), dateStyle: 'short', timeStyle: 'short' }).replace(' ', 'T') : '';
}

/** Returns the time for a field's value, null for none. */
export function fromField(shown: string): string | null {
  if (!shown) return null;
  const wanted = Date.parse(`${shown}Z`);
  let at = wanted;
  for (let i = 0; i < 2; i++) at += wanted - Date.parse(`${toField(new Date(at).toISOString())}Z`); // twice, for days on which the clocks change
  return new Date(at).toISOString();
}

// Times in fields of forms (2026-11-30T18:05), which are in the person's time zone.
import { zone } from './preferences';

/** What a field shows for a time; "" for none. */
export function toField(at: string | null): string {
  return at ? new Date(at).toLocaleString('sv-SE', { timeZone: zone(), dateStyle: 'short', timeStyle: 'short' }).replace(' ', 'T') : '';
}

/** The time that a field shows; null for none. */
export function fromField(shown: string): string | null {
  if (!shown) return null;
  const wanted = Date.parse(`${shown}Z`);
  let at = wanted;
  for (let i = 0; i < 2; i++) at += wanted - Date.parse(`${toField(new Date(at).toISOString())}Z`); // twice, for days on which clocks are turned
  return new Date(at).toISOString();
}

import { fromField } from '../lib/zoned';

/** For how long a key is valid: a number of days, until the end of a day, or for ever. */
export const lifetimes = ['30', '90', '365', 'day', 'never'] as const;
export type Lifetime = (typeof lifetimes)[number];

const DAY = 86_400_000;

/** When a key expires, or undefined if it does not. */
export function expiry(lifetime: Lifetime, day: string, now: number): string | undefined {
  if (lifetime === 'never') return undefined;
  if (lifetime === 'day') return fromField(`${day}T23:59`) ?? undefined;
  return new Date(now + Number(lifetime) * DAY).toISOString();
}

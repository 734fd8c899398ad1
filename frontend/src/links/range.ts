import { isoDay } from '../lib/format';
import { zone } from '../lib/preferences';

export type Range = 'day' | 'week' | 'month' | 'quarter' | 'year';

export interface Period {
  from: string;
  to?: string;
  unit: 'hour' | 'day' | 'week' | 'month';
  tz: string;
}

const DAY = 86_400_000;
const days = { week: 7, month: 30, quarter: 90 };

/** The period that ends now, in whole units of the person's time zone. */
export function period(range: Range, now = Date.now()): Period {
  const tz = zone();
  if (range === 'day') return { from: new Date(now - 23 * 3_600_000).toISOString(), unit: 'hour', tz };
  if (range !== 'year') return { from: isoDay(new Date(now - (days[range] - 1) * DAY)), unit: 'day', tz };
  const [year = 0, month = 1] = isoDay(new Date(now)).split('-').map(Number);
  return { from: new Date(Date.UTC(year, month - 12, 1)).toISOString().slice(0, 10), unit: 'month', tz };
}

/** The most years that the API counts at once. */
const YEARS = 5;

/** Whole days, both included, with bars of a useful number. */
export function between(from: string, to: string, tz: string): Period {
  const count = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  return { from, to, tz, unit: count <= 3 ? 'hour' : count <= 92 ? 'day' : count <= 366 ? 'week' : 'month' };
}

/** The field with a mistake in a period of one's own, and the mistake. */
export function mistake(from: string, to: string): { field: 'from' | 'to'; kind: 'missing' | 'order' | 'future' | 'long' } | undefined {
  if (!isDay(from)) return { field: 'from', kind: 'missing' };
  if (!isDay(to)) return { field: 'to', kind: 'missing' };
  if (from > isoDay(new Date())) return { field: 'from', kind: 'future' };
  if (to < from) return { field: 'to', kind: 'order' };
  if (Date.parse(to) - Date.parse(from) >= YEARS * 365 * DAY) return { field: 'from', kind: 'long' };
  return undefined;
}

/** The period in the address, if there is a valid one. Its days are those of the time zone there. */
export function chosen(query: URLSearchParams): Period | undefined {
  const [from = '', to = '', tz = ''] = ['from', 'to', 'tz'].map((name) => query.get(name) ?? '');
  return mistake(from, to) ? undefined : between(from, to, isZone(tz) ? tz : zone());
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}

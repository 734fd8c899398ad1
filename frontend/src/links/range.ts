import { isoDay } from '../lib/format';
import { zone } from '../lib/preferences';

export type Range = 'day' | 'week' | 'month' | 'quarter' | 'year';

export interface Period {
  from: string;
  unit: 'hour' | 'day' | 'month';
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

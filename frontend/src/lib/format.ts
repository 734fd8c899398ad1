// Formats numbers and times in the person's language and time zone.
import { lang } from '../text';
import { zone } from './preferences';

export const number = (value: number): string => value.toLocaleString(lang());
export const percent = (share: number): string => share.toLocaleString(lang(), { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 });
export const change = (share: number): string => share.toLocaleString(lang(), { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });

/** 30 Nov, or 30 Nov 2025 in another year. */
export function day(at: string | Date, timeZone = zone()): string {
  const date = new Date(at);
  const sameYear = year(date, timeZone) === year(new Date(), timeZone);
  return date.toLocaleDateString(lang(), { day: 'numeric', month: 'short', ...(!sameYear && { year: 'numeric' }), timeZone });
}

export const time = (at: string | Date): string => new Date(at).toLocaleTimeString(lang(), { hour: '2-digit', minute: '2-digit', timeZone: zone() });
export const dateTime = (at: string | Date): string => new Date(at).toLocaleString(lang(), { dateStyle: 'medium', timeStyle: 'short', timeZone: zone() });

/** Today, yesterday, in 3 days; the date if it is more than a week away. */
export function relativeDay(at: string | Date): string {
  const days = Math.round((Date.parse(isoDay(at)) - Date.parse(isoDay(new Date()))) / 86_400_000);
  if (Math.abs(days) > 7) return day(at);
  return new Intl.RelativeTimeFormat(lang(), { numeric: 'auto' }).format(days, 'day');
}

/** 2026-11-30, in the person's time zone. */
export const isoDay = (at: string | Date): string => new Date(at).toLocaleDateString('en-CA', { timeZone: zone() });

/** An address without its scheme. */
export const bare = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');

const year = (date: Date, timeZone: string): string => date.toLocaleDateString('en', { year: 'numeric', timeZone });

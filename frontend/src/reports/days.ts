// Days of reports, which are UTC days.
import { lang } from '../text';

/** Monday, 30 November 2026. */
export const longDay = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString(lang(), { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** Mon, 30 Nov 2026. */
export const shortDay = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString(lang(), { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** The time of day: 14:00 or 2:00 PM. */
export const hour = (at: string): string => new Date(at).toLocaleTimeString(lang(), { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });

export const today = (): string => new Date().toISOString().slice(0, 10);

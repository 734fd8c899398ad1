// Readable names for statistics.
import { day } from '../lib/format';
import { lang, m } from '../text';

/** The name of an interval in a time zone, by its beginning. */
export function label(at: string, unit: string, timeZone: string): string {
  const date = new Date(at);
  if (unit === 'hour' || unit === 'minute') return date.toLocaleString(lang(), { weekday: 'short', hour: '2-digit', minute: '2-digit', timeZone });
  if (unit === 'month') return date.toLocaleDateString(lang(), { month: 'short', year: 'numeric', timeZone });
  return day(date, timeZone);
}

/** A name of one of the lists. */
export function nameIn(list: string, name: string): string {
  if (m.links.names[name]) return m.links.names[name];
  if (list === 'countries') return display('region', name);
  if (list === 'languages') return display('language', name);
  return name;
}

function display(type: 'region' | 'language', name: string): string {
  try {
    return new Intl.DisplayNames(lang(), { type }).of(name) ?? name;
  } catch {
    return name; // unknown to the browser
  }
}

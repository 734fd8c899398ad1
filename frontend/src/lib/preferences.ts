// The person's preferences in this browser.
import { effect } from '@preact/signals';
import { stored } from './stored';

export const languages = { '': '', en: 'English', de: 'Deutsch' } as const;

export const language = stored('minim.language', ['', 'en', 'de']);
export const theme = stored('minim.theme', ['', 'light', 'dark']);
export const shortcuts = stored('minim.shortcuts', ['on', 'off']);
export const timeZone = stored('minim.zone', ['', ...Intl.supportedValuesOf('timeZone')]);

/** The time zone in which times are shown and statistics are counted. */
export const zone = (): string => timeZone.value || Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

effect(() => {
  document.documentElement.style.colorScheme = theme.value || 'light dark';
});

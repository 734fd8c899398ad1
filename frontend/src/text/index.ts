// The texts of the site in the person's language. Only that language is loaded, and what the first moment does not need later.
import { language } from '../lib/preferences';
import { en, type Text } from './en';
import type { More } from './en-more';

/** The texts that are there from the first moment, in English until `loadText` has resolved. */
export let t: Text = en;

/** The other texts: those of code that is loaded by `lazy`, which loads them, too. */
export let m: More;

let chosen = 'en';

/** The language of the texts, also for numbers and dates: with the region that the browser asks for. */
export const lang = (): string => navigator.languages.find((one) => one.split('-')[0] === chosen) ?? chosen;

/** Loads the texts in the language that was chosen, else in the first of the browser's languages that there is. */
export async function loadText(): Promise<void> {
  const wanted = language.value || navigator.languages.map((one) => one.split('-')[0]).find((one) => one === 'en' || one === 'de');
  if (wanted === 'de') {
    t = (await import('./de')).de;
    chosen = 'de';
  }
  document.documentElement.lang = chosen;
}

/** Loads the texts of what is loaded later. */
export async function loadMore(): Promise<void> {
  m ??= chosen === 'de' ? (await import('./de-more')).deMore : (await import('./en-more')).enMore;
}

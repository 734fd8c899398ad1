// The texts of the site in the person's language. Only this language is loaded, in two parts: the second one when it is needed.
import { language } from '../lib/preferences';
import { en, type Text } from './en';
import type { More } from './en-more';

/** The texts that are available from the start, in English until `loadText` resolves. */
export let t: Text = en;

/** The texts of code that `lazy` loads. It loads these texts too. */
export let m: More;

let chosen = 'en';

/** The language of the texts, numbers and dates, with the browser's region. */
export const lang = (): string => navigator.languages.find((one) => one.split('-')[0] === chosen) ?? chosen;

/** Loads the texts in the chosen language or, without a choice, in the first available one of the browser's languages. */
export async function loadText(): Promise<void> {
  const wanted = language.value || navigator.languages.map((one) => one.split('-')[0]).find((one) => one === 'en' || one === 'de');
  if (wanted === 'de') {
    t = (await import('./de')).de;
    chosen = 'de';
  }
  document.documentElement.lang = chosen;
}

/** Loads the second part of the texts. */
export async function loadMore(): Promise<void> {
  m ??= chosen === 'de' ? (await import('./de-more')).deMore : (await import('./en-more')).enMore;
}

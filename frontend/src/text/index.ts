// The texts of the site in the person's language. Each language is a file with all of them; only one is loaded.
import { language } from '../lib/preferences';
import { en, type Text } from './en';

/** The texts. They are complete once `loadText` has resolved, and stay the same until the page is loaded again. */
export let t: Text = en;

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

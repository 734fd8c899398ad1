// What the tests of the site's pages share: a person who is signed in with the local cloud's key.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base } from '@playwright/test';

export const key = () => readFileSync(join(process.env.BROWSER_STATE, 'api-key'), 'utf8').trim();

/** Headers of a call of the API. */
export const asOwner = () => ({ Authorization: `Bearer ${key()}` });

/** Tests whose page is signed in, and fails on whatever the browser complains about, a blocked script or style among it. */
export const test = base.extend({
  allowed: [/status of (4|5)\d\d/, { option: true }], // complaints that a test expects
  page: async ({ page, allowed }, use) => {
    const complaints = [];
    page.on('console', (message) => { if (message.type() === 'error' && !allowed.test(message.text())) complaints.push(message.text()); });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.addInitScript((value) => localStorage.setItem('minim.key', value), key());
    await use(page);
    expect(complaints).toEqual([]);
  },
});

/** Fails if axe finds anything in the page's state, in light or in dark. */
export async function accessible(page) {
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => `${colorScheme}: ${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`)).toEqual([]);
  }
}

/** Takes a picture of the page, to be looked at. */
export const picture = (page, info, name) => page.screenshot({ path: `test-results/${name}-${info.project.name}.png`, fullPage: true });

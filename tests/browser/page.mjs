// Checks for every page, of the site and of the console.
import { createRequire } from 'node:module';
import { expect } from '@playwright/test';

const { source } = createRequire(import.meta.url)('axe-core');

/** The rules that axe finds broken in the page as it is. Only broken rules are reported in detail, because the details take most of the time. */
async function broken(page, rules) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(source);
  const violations = await page.evaluate(async (runOnly) => {
    const { violations } = await window.axe.run({ resultTypes: ['violations'], ...(runOnly && { runOnly }) });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
  }, rules);
  return violations;
}

/** Fails if axe finds anything, in light or dark, or if the page is wider than the window. Only contrasts depend on the colours. */
export async function accessible(page) {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const dark = await broken(page, ['color-contrast']);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  expect({ dark, light: await broken(page) }).toEqual({ dark: [], light: [] });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

/** Saves a screenshot in test-results, with SCREENSHOTS=1 in the environment. */
export async function screenshot(page, info, name) {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `test-results/${name}-${info.project.name}.png`, fullPage: true });
}

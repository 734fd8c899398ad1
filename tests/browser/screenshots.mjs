// Renders every page in both colours, on a desktop and on a phone, into build/screenshots; and README's screenshots into docs.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { devices, expect, test } from '@playwright/test';
import { key } from './site.mjs';

const state = process.env.BROWSER_STATE;
const root = new URL('../..', import.meta.url).pathname;
const desktop = { viewport: { width: 1100, height: 800 }, deviceScaleFactor: 1.25 };
const { defaultBrowserType: _, ...pixel } = devices['Pixel 7'];
const phone = { ...pixel, deviceScaleFactor: 1.5 };

/** README's screenshots: the page, where it is shown, and its colours. */
const readme = [['links', 'desktop', 'light'], ['link', 'desktop', 'dark'], ['image', 'desktop', 'light'], ['links', 'phone', 'light']];

/** Fills the service with data, and returns the pages with their addresses. */
async function prepare(request, site, admin) {
  execFileSync('infra/commands/at', ['local', 'build/seed', '--site', site, '--key', join(state, 'api-key'), '--queue', 'minim-local-clicks'], { cwd: root, env: { ...process.env, STATE: state }, stdio: 'inherit' });
  const headers = { Authorization: `Bearer ${admin}` };
  const call = async (method, path, options) => {
    let answer;
    await expect(async () => { // the service may be busy
      answer = await request.fetch(path, { method, headers, ...options });
      expect(answer.ok(), await answer.text()).toBe(true);
    }).toPass();
    return /json/.test(answer.headers()['content-type']) ? answer.json() : undefined;
  };
  const top = async () => (await call('GET', '/api/links?sort=clicks&limit=1')).items[0];
  let counted = 0;
  await expect.poll(async () => { // until the clicks of the demo data are counted
    const [before, { clicks }] = [counted, await top()];
    counted = clicks;
    return clicks > 0 && clicks === before;
  }, { intervals: [5000], timeout: 600_000 }).toBe(true);
  const link = await top();
  const { items: [image] } = await call('GET', '/api/images?limit=1');
  const { id: report } = await call('POST', '/api/reports', { data: { period: 'daily', date: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10) } });
  await call('POST', '/api/keys', { data: { name: 'Import of the shop', scopes: ['links:read', 'links:write'], expiresAt: new Date(Date.now() + 90 * 86_400_000) } });
  await call('POST', `/${link.code}+`, { headers: {}, form: { reason: 'spam', text: 'This was in an email that I did not ask for.' } });
  await call('GET', `/api/reports/${report}`);
  return {
    'sign-in': '/',
    links: '/app/links', link: `/app/links/${link.code}`,
    images: '/app/images', image: `/app/images/${image.id}`,
    reports: '/app/reports', report: `/app/reports/${report}`,
    keys: '/app/keys', admin: '/app/admin', settings: '/app/settings', missing: '/app/nothing',
    preview: `/${link.code}+`, 'not-found': '/no-such-link', console: '/_local/',
  };
}

test('every page', async ({ browser, request, baseURL }) => {
  test.setTimeout(0);
  const admin = key('me', 'admin');
  const pages = await prepare(request, baseURL, admin);
  for (const [size, options] of Object.entries({ desktop, phone })) {
    const context = await browser.newContext({ ...options, baseURL, reducedMotion: 'reduce' });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expect(page.locator('.skeleton')).toHaveCount(0);
      await page.waitForLoadState('networkidle');
      const { width, height } = page.viewportSize();
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        if (readme.some((one) => String(one) === String([name, size, colorScheme]))) {
          await page.screenshot({ path: join(root, `docs/page-${size === 'phone' ? size : name}.jpg`), type: 'jpeg', quality: 80 });
        }
        // A window that is as high as the page, because the phone's bar is at the window's bottom.
        await page.setViewportSize({ width, height: Math.max(height, await page.evaluate(() => document.documentElement.scrollHeight)) });
        await page.screenshot({ path: join(root, `build/screenshots/${name}-${size}-${colorScheme}.png`) });
        await page.setViewportSize({ width, height });
      }
      if (name === 'sign-in') await page.evaluate((value) => localStorage.setItem('minim.key', value), admin);
    }
    await context.close();
  }
});

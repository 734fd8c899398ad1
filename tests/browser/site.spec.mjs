// Sign-in, the loss of the server or the session, and checks for the whole site.
import { gzipSync } from 'node:zlib';
import { expect } from '@playwright/test';
import { accessible, key, open, screenshot, signInLink, test } from './site.mjs';

const list = (page) => page.getByRole('heading', { name: 'Links', level: 1 });
const field = (page) => page.getByLabel('API key', { exact: true });

test('asks for a key, refuses a wrong one, takes the right one @phone', async ({ page }, info) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Use an API key instead' }).click();
  await accessible(page);
  await screenshot(page, info, 'sign-in');
  await field(page).fill('nonsense');
  await page.getByRole('button', { name: 'Use this key' }).click();
  await expect(page.getByText('A key looks like')).toBeVisible();
  await field(page).fill('mk_nobody00_00000000000000000000000000000000');
  await page.getByRole('button', { name: 'Use this key' }).click();
  await expect(page.getByText('This API key is not valid.')).toBeVisible();
  await expect(field(page)).toBeFocused();
  await field(page).fill(` ${key()} `); // as pasted
  await page.getByRole('button', { name: 'Use this key' }).click();
  await expect(list(page)).toBeVisible();
  await expect(page).toHaveURL(/\/app\/links$/);
});

test('a key in the address signs in and does not stay there', async ({ page }) => {
  await page.goto(`/#key=${key()}`);
  await expect(list(page)).toBeVisible();
  expect(page.url()).not.toContain('mk_');
});

test('a key in the address replaces another one only when the person agrees', async ({ page }) => {
  await open(page, '/app/links', key());
  const kept = () => page.evaluate(() => localStorage.getItem('minim.key'));
  await page.goto('/app/links#key=mk_another0000_0000');
  const dialog = page.getByRole('dialog', { name: 'Use the key of this link?' });
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await accessible(page);
  await page.keyboard.press('Escape');
  expect(await kept()).toBe(key());
  expect(page.url()).not.toContain('mk_');
  await page.goto('/app/settings#key=mk_another0000_0000');
  await dialog.getByRole('button', { name: 'Use this key' }).click();
  await expect.poll(kept).toBe('mk_another0000_0000');
});

test('a person signs in, sees who they are, signs out elsewhere and here', async ({ page, browser, request, baseURL }) => {
  await page.goto(signInLink('ada@minim.example', baseURL));
  await expect(list(page)).toBeVisible();
  await expect(page.getByText('ada@minim.example').first()).toBeVisible();
  const others = [];
  for (let n = 0; n < 3; n++) {
    const context = await browser.newContext({ baseURL });
    const other = await context.newPage();
    await other.goto(signInLink('ada@minim.example', baseURL));
    await expect(list(other)).toBeVisible();
    others.push(other);
  }
  const signedIn = async () => (await Promise.all(others.map((other) => other.request.get('/api/session')))).filter((answer) => answer.ok()).length;
  await page.goto('/app/settings');
  const sessions = page.locator('.sessions li');
  await expect(sessions).toHaveCount(4);
  await expect(sessions.first()).toContainText('this browser');
  await accessible(page);
  await sessions.getByRole('button').first().click();
  await expect(sessions).toHaveCount(3);
  await expect.poll(signedIn).toBe(2);
  await page.getByRole('button', { name: 'Sign out of all other browsers' }).click();
  await expect(page.getByText('2 other browsers were signed out.')).toBeVisible();
  await expect(sessions).toHaveCount(1);
  await expect.poll(signedIn).toBe(0);
  for (const other of others) await other.context().close();
  await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  expect((await request.get('/api/session')).status()).toBe(401);
});

test('a key that is revoked is asked for in place, and what was typed stays', async ({ page }) => {
  await open(page, '/app/links', key());
  const url = page.getByLabel('Long address');
  await url.fill('https://example.com/typed');
  await page.route('**/api/links**', (route) => route.fulfill({ status: 403, json: { message: 'Forbidden' } }));
  await page.getByRole('button', { name: 'Shorten' }).click();
  const banner = page.getByRole('alert').filter({ hasText: 'no longer valid' });
  await expect(banner).toBeVisible();
  await accessible(page);
  await page.unroute('**/api/links**');
  await banner.getByRole('button', { name: 'Use another key' }).click();
  await field(page).fill(key());
  await page.getByRole('button', { name: 'Use this key' }).click();
  await expect(banner).toBeHidden();
  await expect(url).toHaveValue('https://example.com/typed');
});

test('shows what the scopes allow', async ({ page, owner }) => {
  await open(page, '/app/links', key(owner, 'links:read'));
  await expect(page.getByRole('heading', { name: 'Your first link' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Shorten' })).toBeHidden();
});

test('a server that is down at first keeps the key and is tried again', async ({ page }) => {
  await page.route('**/api/**', (route) => route.abort());
  await open(page, '/app/links', key());
  await expect(page.getByRole('heading', { name: 'This could not be loaded' })).toBeVisible();
  await expect(field(page)).toBeHidden();
  await accessible(page);
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'This could not be loaded' })).toBeHidden();
  expect(await page.evaluate(() => localStorage.getItem('minim.key'))).toBe(key());
});

test('says since when what it shows is out of date, and that the browser is offline', async ({ page, context }) => {
  await open(page, '/app/links', key());
  await expect(page.getByRole('heading', { name: 'This could not be loaded' })).toBeHidden();
  await expect(page.getByRole('search')).toBeVisible();
  await page.getByLabel('Status').selectOption('All except deleted');
  await page.route('**/api/links?*', (route) => route.fulfill({ status: 503, json: { type: 'about:blank', title: 'Service Unavailable', status: 503, detail: 'No.' } }));
  await expect(page.getByText(/^As of .* retrying\./)).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText('You are offline.')).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('You are offline.')).toBeHidden();
});

test('speaks German, and remembers theme and language', async ({ page }) => {
  await open(page, '/app/settings', key());
  await page.getByRole('button', { name: 'Dark' }).click();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
  await page.getByLabel('Language').selectOption('Deutsch');
  await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.goto('/app/links');
  await expect(page.getByRole('button', { name: 'Kürzen' })).toBeVisible();
  await expect(page.getByText('undefined')).toHaveCount(0);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
});

test('keys go to pages, list themselves, and can be switched off', async ({ page }) => {
  await open(page, '/app/settings', key());
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await accessible(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(list(page)).toBeFocused();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('c');
  await expect(page.getByLabel('Long address')).toBeFocused();
  await page.goto('/app/settings');
  await page.getByLabel('Keyboard shortcuts').uncheck();
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('can be installed', async ({ page, context }) => {
  await open(page, '/app/links', key());
  const session = await context.newCDPSession(page);
  const { errors, url } = await session.send('Page.getAppManifest');
  expect({ errors, url }).toEqual({ errors: [], url: expect.stringContaining('/manifest.webmanifest') });
  const { icons, scope, start_url: start } = await (await page.request.get(url)).json();
  expect([scope, start]).toEqual(['/app/', '/app/']);
  for (const { src, type, sizes } of icons) {
    const icon = await page.request.get(new URL(src, url).href);
    expect([icon.status(), icon.headers()['content-type']]).toEqual([200, type]);
    const width = await page.evaluate((from) => new Promise((resolve) => { const image = new Image(); image.onload = () => resolve(image.naturalWidth); image.src = from; }), new URL(src, url).href);
    if (sizes !== 'any') expect(`${width}x${width}`).toBe(sizes);
  }
});

test('stays within its budgets: size, origins, requests, trusted types', async ({ page, baseURL }) => {
  const sizes = { js: 0, css: 0 };
  const others = [];
  let calls = 0;
  const bodies = [];
  page.on('response', (response) => {
    const { origin, pathname } = new URL(response.url());
    if (origin !== baseURL) others.push(response.url());
    if (pathname.startsWith('/api/')) calls++;
    const kind = /\.(js|css)$/.exec(pathname)?.[1];
    if (kind) bodies.push(response.body().then((body) => { sizes[kind] += gzipSync(body).length; }));
  });
  await open(page, '/app/links', key());
  await expect(page.getByRole('search')).toBeVisible();
  await page.waitForLoadState('networkidle');
  await Promise.all(bodies);
  expect(sizes.js).toBeLessThanOrEqual(25 * 1024);
  expect(sizes.css).toBeLessThanOrEqual(8 * 1024);
  expect(others).toEqual([]);
  expect(calls).toBeLessThanOrEqual(2); // the session and the list
  const policy = (await page.request.get('/app/links')).headers()['content-security-policy'];
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
});

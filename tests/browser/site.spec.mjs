// What a newcomer does on the page, in a real browser, at desktop and phone width.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

const key = () => readFileSync(join(process.env.BROWSER_STATE, 'api-key'), 'utf8').trim();

test.beforeEach(async ({ page }) => {
  // Whatever the page complains about, a blocked script or style among it, is a failure.
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4|5)\d\d/.test(message.text())) throw new Error(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => { throw error; });
});

async function signIn(page) {
  await page.goto(`/#key=${key()}`);
  await expect(page.getByRole('heading', { name: 'Shorten a link' })).toBeVisible();
}

async function accessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`)).toEqual([]);
}

test('asks for a key, refuses a wrong one, takes the right one', async ({ page }) => {
  await page.goto('/');
  await accessible(page);
  await page.getByLabel('API key', { exact: true }).fill('mk_nobody00_00000000000000000000000000000000');
  await page.getByRole('button', { name: 'Use this key' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'not accepted' })).toBeVisible();
  await page.getByLabel('API key', { exact: true }).fill(key());
  await page.getByRole('button', { name: 'Use this key' }).click();
  await expect(page.getByRole('heading', { name: 'Shorten a link' })).toBeVisible();
});

test('a key in the address signs in and does not stay there', async ({ page }) => {
  await signIn(page);
  expect(page.url()).not.toContain('mk_');
});

test('shortens a link and shows its clicks as they happen', async ({ page, request }, info) => {
  await signIn(page);
  const code = `try-${info.project.name}-${info.retry}`;
  await page.getByLabel('Long URL').fill('https://example.com/a/long/address');
  await page.getByText('Options').click();
  await page.getByLabel('Alias').fill(code);
  await page.keyboard.press('Enter');
  const short = page.getByRole('link', { name: new RegExp(`${code}$`) });
  await expect(short).toBeVisible();
  await expect(page.locator(`[data-code="${code}"]`)).toHaveText('0 clicks');

  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const answer = await request.get(await short.getAttribute('href'), { maxRedirects: 0, headers: { 'User-Agent': agent } });
  expect(answer.status()).toBe(302);
  await expect(page.locator(`[data-code="${code}"]`)).toHaveText('1 click', { timeout: 30_000 });
  await accessible(page);
  await page.screenshot({ path: `test-results/site-links-${info.project.name}.png`, fullPage: true });

  await page.reload();
  await expect(short).toBeVisible();
});

test('tells what is wrong with a URL', async ({ page }) => {
  await signIn(page);
  await page.getByLabel('Long URL').fill('ftp://example.com/');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'url:' })).toBeVisible();
  await expect(page.getByLabel('Long URL')).toHaveValue('ftp://example.com/');
});

/** A picture the browser itself makes: a gradient, as JPEG or PNG. */
function draw(page, width, height, type) {
  return page.evaluate(async ([w, h, t]) => {
    const canvas = new OffscreenCanvas(w, h);
    const context = canvas.getContext('2d');
    const gradient = context.createLinearGradient(0, 0, w, h);
    gradient.addColorStop(0, '#c33764');
    gradient.addColorStop(1, '#1d2671');
    context.fillStyle = gradient;
    context.fillRect(0, 0, w, h);
    context.fillStyle = '#ffffff';
    context.fillRect(Math.random() * w / 2, h / 4, w / 8, h / 8); // every upload is another picture
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: t })).arrayBuffer());
    return Array.from(bytes);
  }, [width, height, type]);
}

test('uploads a picture, with progress, and shows its sizes', async ({ page }, info) => {
  await signIn(page);
  const bytes = await draw(page, 2000, 1500, 'image/jpeg');
  await page.getByLabel(/^Picture/).setInputFiles({ name: 'gradient.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) });
  await page.getByLabel('Description').fill(`A gradient, ${info.project.name}`);
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'is ready in' })).toBeVisible();
  const picture = page.getByRole('img', { name: `A gradient, ${info.project.name}` });
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((img) => img.naturalWidth)).toBeGreaterThan(0);
  await expect(page.getByRole('link', { name: /^1280 × 960/ }).first()).toBeVisible();
  await accessible(page);
  await page.screenshot({ path: `test-results/site-images-${info.project.name}.png`, fullPage: true });
});

test('tells why a file is refused', async ({ page }) => {
  await signIn(page);
  await page.getByLabel(/^Picture/).setInputFiles({ name: 'page.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(`<!doctype html>${Math.random()}`) });
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page.locator('#image-error')).not.toBeEmpty();
  await expect(page.getByRole('heading', { name: 'Not processed' }).first()).toBeVisible();
});

test('writes a report and opens it', async ({ page, context }, info) => {
  await signIn(page);
  await page.getByRole('button', { name: /Write today/ }).click();
  await expect(page.getByRole('status').filter({ hasText: 'is written' })).toBeVisible({ timeout: 30_000 });
  const [report] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: /^daily/ }).first().click()]);
  await report.waitForURL(/report/);
  await expect(report.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(report.locator('svg').first()).toBeVisible();
  await report.screenshot({ path: `test-results/report-${info.project.name}.png`, fullPage: true });
});

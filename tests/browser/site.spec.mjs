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
  await page.goto('/'); // as somebody who has found the page before the link
  await expect(page.getByLabel('API key', { exact: true })).toBeVisible();
  await signIn(page);
  expect(page.url()).not.toContain('mk_');
});

test('a key in the address takes the place of another one only when asked to', async ({ page }) => {
  await signIn(page);
  const kept = () => page.evaluate(() => localStorage.getItem('minim.key'));
  const mine = await kept();
  for (const [answer, want] of [['dismiss', mine], ['accept', 'mk_another0000_0000']]) {
    await page.goto('about:blank');
    page.once('dialog', (dialog) => dialog[answer]());
    await page.route('**/api/**', (route) => route.fulfill({ json: { items: [] } }));
    await page.goto('/#key=mk_another0000_0000');
    expect(await kept()).toBe(want);
    expect(page.url()).not.toContain('mk_');
  }
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
  await expect(page.locator(`[data-code="${code}"]`)).toHaveText('1 click', { timeout: 120_000 });
  await accessible(page);
  await page.screenshot({ path: `test-results/site-links-${info.project.name}.png`, fullPage: true });

  await page.reload();
  await expect(short).toBeVisible();
});

test('tells what is wrong with a URL', async ({ page }) => {
  await signIn(page);
  await page.getByLabel('Long URL').fill('ftp://example.com/');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'Long URL: It must start with' })).toBeVisible();
  await expect(page.getByLabel('Long URL')).toHaveValue('ftp://example.com/');
});

/** An image that the browser makes: a gradient, as JPEG or PNG. */
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
    context.fillRect(Math.random() * w / 2, h / 4, w / 8, h / 8); // every upload is another image
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: t })).arrayBuffer());
    return Array.from(bytes);
  }, [width, height, type]);
}

/** Uploads a unique image, and returns its item in the gallery. */
async function upload(page, alt) {
  const bytes = await draw(page, 2000, 1500, 'image/jpeg');
  await page.getByLabel(/^Images \(/).setInputFiles({ name: 'gradient.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) });
  await page.locator('#image-form').getByLabel('Description').fill(alt);
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'is ready in' })).toBeVisible();
  const item = page.getByRole('listitem').filter({ hasText: alt });
  await expect(item).toHaveAttribute('data-status', 'ready');
  return item;
}

test('uploads an image, with progress, and shows it large', async ({ page }, info) => {
  await signIn(page);
  const item = await upload(page, `A gradient, ${info.project.name}`);
  await expect.poll(() => item.locator('img').evaluate((img) => img.naturalWidth)).toBe(320);
  await expect(item.locator('canvas')).toHaveCount(1); // the ThumbHash below it
  await accessible(page);
  await page.screenshot({ path: `test-results/site-images-${info.project.name}.png`, fullPage: true });

  await item.getByRole('button', { name: /^Open/ }).click();
  const dialog = page.getByRole('dialog', { name: 'gradient.jpg' });
  await expect(dialog.getByRole('link', { name: '1280 × 960' })).toBeVisible();
  // The browser chooses from srcset what suits the screen.
  await expect.poll(() => page.locator('#whole').evaluate((img) => img.currentSrc)).toMatch(/w(640|1280|1920)\.jpg$/);
  await expect.poll(() => page.locator('#whole').evaluate((img) => img.naturalWidth)).toBeGreaterThan(0);
  await accessible(page);
  await page.screenshot({ path: `test-results/site-image-${info.project.name}.png` });
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('changes the description and what crops keep in view', async ({ page }, info) => {
  await signIn(page);
  const item = await upload(page, `To be changed, ${info.project.name}`);
  const before = await item.locator('img').getAttribute('src');
  await item.getByRole('button', { name: /^Open/ }).click();
  const dialog = page.getByRole('dialog', { name: 'gradient.jpg' });
  await expect.poll(() => page.locator('#whole').evaluate((img) => img.naturalWidth)).toBeGreaterThan(0);
  const box = await page.locator('#whole').boundingBox();
  await page.locator('#whole').click({ position: { x: box.width * 0.1, y: box.height * 0.5 } });
  await expect(dialog.getByLabel('Across')).toHaveValue('10');
  await dialog.getByLabel('Down').press('ArrowLeft'); // by keyboard, too
  await expect(dialog.getByLabel('Down')).toHaveValue('49');
  await dialog.getByLabel('Description').fill(`Changed, ${info.project.name}`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  const changed = page.getByRole('listitem').filter({ hasText: `Changed, ${info.project.name}` });
  await expect(changed.locator('img')).toHaveAttribute('src', /-10x49\/square\.jpg$/);
  expect(before).not.toMatch(/-10x49/);
});

test('deletes an image, after asking', async ({ page }, info) => {
  await signIn(page);
  const item = await upload(page, `To be deleted, ${info.project.name}`);
  for (const answer of ['Keep it', 'Delete for good']) {
    await item.getByRole('button', { name: /^Open/ }).click();
    await page.getByRole('dialog', { name: 'gradient.jpg' }).getByRole('button', { name: 'Delete' }).click();
    const sure = page.getByRole('dialog', { name: 'Delete this image?' });
    await accessible(page);
    await sure.getByRole('button', { name: answer }).click();
    await expect(sure).toBeHidden();
    if (answer === 'Keep it') await page.getByRole('button', { name: 'Close' }).click();
  }
  await expect(item).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await expect(item).toHaveCount(0);
});

test('polls cheaply', async ({ page }) => {
  await signIn(page);
  await expect(page.locator('#images').or(page.locator('#no-images')).first()).toBeAttached();
  const answer = await page.waitForResponse((response) => response.url().includes('/api/images?limit=24') && response.status() === 304);
  expect(await answer.headerValue('etag')).toBeTruthy();
});

test('tells why files are refused, and takes the others', async ({ page }) => {
  await signIn(page);
  await page.getByLabel(/^Images \(/).setInputFiles([
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Buy milk.') },
    { name: 'page.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(`<!doctype html>${Math.random()}`) },
    { name: 'gradient.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await draw(page, 800, 600, 'image/jpeg')) },
  ]);
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page.locator('#image-error')).toContainText(/notes.txt: It is not a JPEG, PNG, WebP or GIF. page.jpg: .+/);
  await expect(page.getByRole('status').filter({ hasText: '1 of 3 images are ready.' })).toBeVisible();
  const refused = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Not processed' }) });
  await expect(refused.first()).toBeVisible();
  await accessible(page);
  const before = await refused.count();
  await refused.first().getByRole('button', { name: /^Remove/ }).click();
  await expect(refused).toHaveCount(before - 1);
});

test('writes a report and opens it', async ({ page, context }, info) => {
  await signIn(page);
  await page.getByRole('button', { name: /Write today/ }).click();
  await expect(page.getByRole('status').filter({ hasText: 'is written' })).toBeVisible({ timeout: 120_000 });
  const [report] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: /^daily/ }).first().click()]);
  await report.waitForURL(/report/);
  await expect(report.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(report.locator('svg').first()).toBeVisible();
  await report.screenshot({ path: `test-results/report-${info.project.name}.png`, fullPage: true });
});

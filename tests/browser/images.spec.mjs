// Images: the upload queue, the gallery, and an image's page, with real uploads.
import { expect } from '@playwright/test';
import { accessible, key, open, screenshot, test } from './site.mjs';

const as = (owner) => ({ Authorization: `Bearer ${key(owner)}` });

/** A file with an image that the browser draws. Each call returns a different image. */
async function draw(page, name = 'gradient.jpg', width = 1600, height = 1200) {
  const bytes = await page.evaluate(async ([w, h]) => {
    const canvas = new OffscreenCanvas(w, h);
    const context = canvas.getContext('2d');
    const gradient = context.createLinearGradient(0, 0, w, h);
    gradient.addColorStop(0, `hsl(${Math.random() * 360} 60% 45%)`);
    gradient.addColorStop(1, '#1d2671');
    context.fillStyle = gradient;
    context.fillRect(0, 0, w, h);
    context.fillStyle = '#ffffff';
    context.fillRect(Math.random() * w / 2, h / 4, w / 8, h / 8);
    return Array.from(new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer()));
  }, [width, height]);
  return { name, mimeType: 'image/jpeg', buffer: Buffer.from(bytes) };
}

const choose = (page, files) => page.getByLabel('Choose images').setInputFiles(files);
const row = (page, name) => page.locator('.upload').filter({ hasText: name });
const card = (page, text) => page.locator('.gallery > li').filter({ hasText: text });

async function openImages(page, owner) {
  await open(page, '/app/images', key(owner));
  await expect(page.getByRole('heading', { name: 'Images', level: 1 })).toBeVisible();
}

/** Uploads an image with a description, and returns its card in the gallery. */
async function upload(page, alt) {
  const name = `${Math.random().toString(36).slice(2)}.jpg`;
  await choose(page, await draw(page, name));
  await page.getByLabel(`Description of ${name}`).fill(alt);
  await page.getByLabel(`Description of ${name}`).press('Enter');
  await expect(row(page, name)).toHaveAttribute('data-step', 'ready');
  await expect(card(page, alt)).toHaveAttribute('data-status', 'ready');
  return card(page, alt);
}

/** Drops or pastes files, as a person does from outside the browser. */
function hand(page, event, files) {
  return page.evaluate(([type, given]) => {
    const data = new DataTransfer();
    for (const { name, mimeType, bytes, size } of given) data.items.add(new File([size ? new Uint8Array(size) : new Uint8Array(bytes)], name, { type: mimeType }));
    const options = { bubbles: true, cancelable: true };
    for (const one of type === 'drop' ? ['dragover', 'drop'] : [type]) {
      document.body.dispatchEvent(one === 'paste' ? new ClipboardEvent(one, { ...options, clipboardData: data }) : new DragEvent(one, { ...options, dataTransfer: data }));
    }
  }, [event, files.map(({ buffer, ...rest }) => ({ ...rest, bytes: buffer && Array.from(buffer) }))]);
}

test('uploads several images at once, each with its own description @phone', async ({ page, owner }, info) => {
  await openImages(page, owner);
  const files = [await draw(page, 'one.jpg'), await draw(page, 'two.jpg', 900, 1200)];
  const one = `The first, ${info.project.name} ${info.retry}`;
  await choose(page, files);
  await page.getByLabel('Description of one.jpg').fill(one);
  await page.getByLabel('Description of two.jpg').fill('');
  for (const { name } of files) await expect(row(page, name)).toHaveAttribute('data-step', 'ready');
  await page.getByLabel('Description of two.jpg').fill(`The second, ${info.project.name}`);
  await page.getByLabel('Description of two.jpg').blur();
  await expect(page.getByRole('status').filter({ hasText: '2 of 2 ready' })).toBeAttached();
  await expect(card(page, one)).toHaveAttribute('data-status', 'ready');
  await expect(card(page, `The second, ${info.project.name}`)).toHaveAttribute('data-status', 'ready');
  await expect.poll(() => card(page, one).locator('img').evaluate((img) => img.naturalWidth)).toBe(320);
  await expect(card(page, one).locator('canvas')).toHaveCount(1); // the ThumbHash beneath it
  await accessible(page);
  await screenshot(page, info, 'images');
  await page.getByRole('button', { name: 'Clear finished uploads' }).click();
  await expect(page.locator('.upload')).toHaveCount(0);
});

test('an image’s page: sizes, what embeds it, its description and its crops @phone', async ({ page, owner }, info) => {
  await openImages(page, owner);
  const alt = `To be changed, ${info.project.name} ${info.retry}`;
  const item = await upload(page, alt);
  await item.getByRole('link').press('Enter');
  await expect(page.getByRole('heading', { name: alt, level: 1 })).toBeFocused();
  const whole = page.locator('.focus-stage img');
  await expect.poll(() => whole.evaluate((img) => img.naturalWidth)).toBeGreaterThan(0);
  expect(await whole.evaluate((img) => img.currentSrc)).toMatch(/w(640|1280)\.jpg$/); // the variant that fits the screen
  await expect(page.getByRole('row').filter({ hasText: '1280 × 960' })).toBeVisible();
  await accessible(page);
  await screenshot(page, info, 'image');

  await page.getByLabel('Description', { exact: true }).fill('A “cat” & <dog> ["]');
  const html = page.getByRole('region', { name: 'HTML' });
  await expect(html).toContainText('alt="A “cat” &amp; &lt;dog&gt; [&quot;]"');
  await expect(html).toContainText(/<picture>\s*<img src="http[^"]+w1280\.jpg" srcset="[^"]+w320\.jpg 320w, .+ width="1280" height="960"/);
  await expect(page.getByText('It is not saved yet')).toBeVisible();
  await page.getByRole('button', { name: 'Markdown', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Markdown' })).toContainText('![A “cat” & <dog> \\["\\]](http');

  const box = await whole.boundingBox();
  await whole.click({ position: { x: box.width * 0.1, y: box.height * 0.5 } });
  await expect(page.getByLabel('Horizontal', { exact: true })).toHaveValue('10');
  await page.getByLabel('Vertical', { exact: true }).press('ArrowLeft'); // by keyboard too
  await expect(page.getByLabel('Vertical', { exact: true })).toHaveValue('49');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
  await expect(page.getByText('It is not saved yet')).toBeHidden();
  await expect(page.getByRole('link', { name: 'Square thumbnail' })).toHaveAttribute('href', /-10x49\/square\.jpg$/);
  await page.reload();
  await expect(page.getByLabel('Description', { exact: true })).toHaveValue('A “cat” & <dog> ["]');
  await expect(page.getByLabel('Horizontal', { exact: true })).toHaveValue('10');
});

test('a short link to each image, if asked for', async ({ page, request, owner }, info) => {
  await openImages(page, owner);
  await page.getByLabel('Create a short link for each').check();
  const item = await upload(page, `With a link, ${info.project.name} ${info.retry}`);
  await item.getByRole('link').click();
  const short = page.locator('section', { has: page.getByRole('heading', { name: 'Short link' }) }).getByRole('link').first();
  const answer = await request.get(await short.getAttribute('href'), { maxRedirects: 0 });
  expect(answer.status()).toBe(302);
  expect(answer.headers().location).toMatch(/w1280\.jpg$/);
});

test('refuses what is no image before the upload, and says why @phone', async ({ page, owner }, info) => {
  await openImages(page, owner);
  const announced = [];
  page.on('request', (sent) => { if (sent.method() === 'POST' && sent.url().endsWith('/api/images')) announced.push(sent.postDataJSON().filename); });
  const damaged = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(`no image ${Math.random()}`)]);
  await hand(page, 'drop', [
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Buy milk.') },
    { name: 'phone.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1') },
    { name: 'nothing.png', mimeType: 'image/png', buffer: Buffer.from('') },
    { name: 'damaged.jpg', mimeType: 'image/jpeg', buffer: damaged },
  ]);
  await expect(row(page, 'notes.txt')).toContainText('This is not a JPEG, PNG, WebP or GIF file.');
  await expect(row(page, 'phone.jpg')).toContainText('Most Compatible');
  await expect(row(page, 'nothing.png')).toContainText('This file is empty.');
  await expect(row(page, 'damaged.jpg')).toHaveAttribute('data-step', 'refused');
  await expect(row(page, 'damaged.jpg')).toContainText(/Not accepted\. The file is/);
  expect(announced).toEqual(['damaged.jpg']);
  await accessible(page);
  await screenshot(page, info, 'images-refused');
  await page.getByRole('button', { name: 'Remove damaged.jpg' }).click();
  await expect(row(page, 'damaged.jpg')).toHaveCount(0);
});

test('three uploads at a time; each can be cancelled', async ({ page, owner }) => {
  await openImages(page, owner);
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route(/\/uploads\/|X-Amz-Signature/, async (route) => {
    if (route.request().method() === 'PUT') await held;
    await route.continue().catch(() => {}); // it may have been cancelled
  });
  const files = [];
  for (let n = 1; n <= 5; n++) files.push(await draw(page, `held-${n}.jpg`, 300, 200));
  await choose(page, files);
  await expect(page.locator('.upload[data-step=sending]')).toHaveCount(3);
  await expect(page.locator('.upload[data-step=waiting]')).toHaveCount(2);
  const [deleted] = await Promise.all([
    page.waitForRequest((sent) => sent.method() === 'DELETE'),
    page.getByRole('button', { name: 'Cancel held-1.jpg' }).click(),
  ]);
  expect(deleted.url()).toContain('/api/images/');
  await page.getByRole('button', { name: 'Cancel held-5.jpg' }).click();
  await expect(row(page, 'held-4.jpg')).toHaveAttribute('data-step', 'sending');
  release();
  await expect(page.locator('.upload[data-step=ready]')).toHaveCount(3);
  await expect(page.locator('.upload')).toHaveCount(3);
});

test('an interrupted upload can be tried again, and stays one image', async ({ page, owner }, info) => {
  await openImages(page, owner);
  let fail = true;
  const announced = [];
  await page.route(/X-Amz-Signature/, (route) => (fail && route.request().method() === 'PUT' ? route.abort() : route.continue()));
  page.on('response', async (answer) => {
    if (answer.request().method() === 'POST' && answer.url().endsWith('/api/images')) announced.push((await answer.json()).id);
  });
  await choose(page, await draw(page, 'again.jpg'));
  await expect(row(page, 'again.jpg')).toContainText('Not uploaded. The upload was interrupted.');
  await accessible(page);
  await screenshot(page, info, 'images-interrupted');
  fail = false;
  await page.getByRole('button', { name: 'Try again.jpg again' }).click();
  await expect(row(page, 'again.jpg')).toHaveAttribute('data-step', 'ready');
  expect(announced).toHaveLength(2);
  expect(new Set(announced).size).toBe(1);
});

test('an upload that a closed window has left can be removed', async ({ page, request, owner }) => {
  const { id } = await (await request.post('/api/images', { headers: as(owner), data: { filename: 'left.jpg', contentType: 'image/jpeg', bytes: 10, sha256: 'ab'.repeat(32) } })).json();
  await openImages(page, owner);
  const left = page.locator('.gallery > li[data-status=pending]').filter({ hasText: 'left.jpg' }).first();
  await expect(left).toContainText('File not received yet');
  await left.getByRole('button', { name: 'Remove left.jpg' }).click();
  await expect.poll(async () => (await request.get(`/api/images/${id}`, { headers: as(owner) })).status()).toBe(404);
  await expect(page.locator('.gallery > li[data-status=pending]')).toHaveCount(0);
});

test('images are dropped or pasted on any page', async ({ page, owner }) => {
  await open(page, '/app/settings', key(owner));
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await hand(page, 'drop', [await draw(page, 'dropped.jpg', 400, 300)]);
  await expect(page.getByRole('heading', { name: 'Images', level: 1 })).toBeVisible();
  await expect(row(page, 'dropped.jpg')).toHaveAttribute('data-step', 'ready');
  await hand(page, 'paste', [await draw(page, 'pasted.jpg', 400, 300)]);
  await expect(row(page, 'pasted.jpg')).toHaveAttribute('data-step', 'ready');
});

test('a deletion can be undone, and is sent when the page is left', async ({ page, request, owner }, info) => {
  await openImages(page, owner);
  const alt = `To be deleted, ${info.project.name} ${info.retry}`;
  const item = await upload(page, alt);
  const address = await item.getByRole('link').getAttribute('href');
  const status = async () => (await request.get(`/api${address.replace('/app', '')}`, { headers: as(owner) })).status();
  await item.getByRole('link').click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: `“${alt}” is deleted.` })).toBeVisible();
  await expect(item).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(item).toBeVisible();
  expect(await status()).toBe(200);
  await item.getByRole('link').click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(item).toHaveCount(0);
  expect(await status()).toBe(200); // it can still be undone
  await page.goto('/app/settings?left');
  await expect.poll(status).toBe(404);
});

test('an unchanged list costs an empty answer', async ({ page, owner }) => {
  await openImages(page, owner);
  await expect(page.locator('.gallery').or(page.locator('.empty')).first()).toBeVisible();
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.url().includes('/api/images?') && one.status() === 304),
    page.evaluate(() => dispatchEvent(new Event('online'))),
  ]);
  expect(await answer.headerValue('etag')).toBeTruthy();
});

test('says when there is nothing, and when the list cannot be read', async ({ page, owner }, info) => {
  let answer = { json: { items: [] } };
  await page.route('**/api/images?*', (route) => route.fulfill(answer));
  await openImages(page, owner);
  await expect(page.getByRole('heading', { name: 'No images yet' })).toBeVisible();
  await accessible(page);
  await screenshot(page, info, 'images-none');
  answer = { status: 503, json: { type: 'about:blank', title: 'Service Unavailable', status: 503, instance: 'request-7' } };
  await page.reload();
  await expect(page.getByRole('alert').filter({ hasText: 'request-7' })).toBeVisible();
  await accessible(page);
  answer = { json: { items: [] } };
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'No images yet' })).toBeVisible();
});

test('an image that is gone', async ({ page, owner }) => {
  await open(page, `/app/images/${'a'.repeat(26)}`, key(owner));
  await expect(page.getByRole('heading', { name: 'Image not found' })).toBeVisible();
  await accessible(page);
});

test('plain http: files are hashed without crypto.subtle', async ({ page, owner }) => {
  await page.addInitScript(() => Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined }));
  await openImages(page, owner);
  await upload(page, `Without subtle ${Math.random()}`);
});

test('another address than the stage’s shows images, and says where they can be uploaded', async ({ page, owner }, info) => {
  await openImages(page, owner);
  await upload(page, `Seen elsewhere, ${info.project.name} ${info.retry}`);
  const elsewhere = await page.context().newPage(); // an error is expected here
  await open(elsewhere, page.url().replace('localhost', '127.0.0.1'), key(owner));
  const item = card(elsewhere, `Seen elsewhere, ${info.project.name} ${info.retry}`);
  await expect.poll(() => item.locator('img').evaluate((img) => img.naturalWidth)).toBe(320);
  await choose(elsewhere, await draw(page, 'elsewhere.jpg', 300, 200));
  await expect(row(elsewhere, 'elsewhere.jpg')).toContainText('Open http://localhost:');
});

test('images in German', async ({ page, owner }) => {
  await page.addInitScript(() => localStorage.setItem('minim.language', 'de'));
  await open(page, '/app/images', key(owner));
  await expect(page.getByRole('heading', { name: 'Bilder', level: 1 })).toBeVisible();
  await expect(page.getByLabel('Bilder auswählen')).toBeAttached();
});

// Links: created, followed, searched, changed, deleted and restored; and a link's own page.
import { expect } from '@playwright/test';
import { accessible, create, follow, key, open, screenshot, test, unique } from './site.mjs';

const row = (page, code) => page.getByRole('row').filter({ has: page.getByRole('link', { name: new RegExp(`/${code}$`) }) });
const toast = (page, text) => page.locator('.toast').filter({ hasText: text });

test('a link is made, followed, counted and found again @phone', async ({ page, request, owner }, info) => {
  await open(page, '/app/links', key(owner));
  await expect(page.getByRole('heading', { name: 'Your first link' })).toBeVisible();
  await accessible(page);
  await page.getByLabel('Long address').fill('example.com/a/long/address'); // without a scheme
  await page.getByRole('button', { name: 'Options' }).click();
  const code = unique('try', info);
  await page.getByRole('textbox', { name: 'Alias' }).fill(code);
  await expect(page.getByText(`${code} is free.`)).toBeVisible();
  await page.getByLabel('Title').fill('A first try');
  await page.getByLabel('Tags').fill('one, two');
  await accessible(page);
  await page.getByRole('button', { name: 'Shorten' }).click();
  await expect(page.getByText(`${code} is ready.`)).toBeVisible();
  await expect(page.getByLabel('Long address')).toBeFocused();
  await expect(row(page, code)).toContainText('→ https://example.com/a/long/address');

  const url = await row(page, code).getByRole('link', { name: new RegExp(`/${code}$`) }).getAttribute('href');
  expect((await follow(request, url)).status()).toBe(302);
  await expect(row(page, code).getByRole('link', { name: '1 click', exact: true })).toBeVisible({ timeout: 120_000 });

  await page.getByRole('searchbox').fill('first');
  await expect(page).toHaveURL(/q=first/);
  await expect(row(page, code)).toBeVisible();
  await page.getByRole('searchbox').fill('nothing-like-it');
  await expect(page.getByRole('heading', { name: 'No links match' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await row(page, code).getByRole('button', { name: 'two' }).click();
  await expect(page).toHaveURL(/tag=two/);
  await page.reload();
  await expect(row(page, code)).toBeVisible();
  await accessible(page);
  await screenshot(page, info, 'links');
});

test('what the server refuses is shown at its field', async ({ page, request, owner }, info) => {
  const [taken] = await create(request, key(owner), { url: 'https://example.com/', code: unique('taken', info) });
  await open(page, '/app/links', key(owner));
  const url = page.getByLabel('Long address');
  await page.getByRole('button', { name: 'Shorten' }).click();
  await expect(page.getByText('Please enter an address.')).toBeVisible();
  await url.fill('ftp://example.com/');
  await page.getByRole('button', { name: 'Shorten' }).click();
  await expect(page.getByText('It must start with')).toBeVisible();
  await expect(url).toHaveAttribute('aria-invalid', 'true');
  await expect(url).toBeFocused();
  await expect(url).toHaveValue('ftp://example.com/');
  await url.fill('https://example.com/other');
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('textbox', { name: 'Alias' }).fill(taken.code);
  await expect(page.getByText('This alias is taken.')).toBeVisible();
  await page.getByRole('button', { name: 'Shorten' }).click();
  await expect(page.getByRole('textbox', { name: 'Alias' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: 'Alias' })).toHaveAttribute('aria-invalid', 'true');
  await accessible(page);
});

test('a lost answer and a second try make one link', async ({ page, owner }) => {
  await open(page, '/app/links', key(owner));
  await expect(page.getByRole('heading', { name: 'Your first link' })).toBeVisible();
  const sent = [];
  await page.route('**/api/links', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    sent.push(route.request().headers()['idempotency-key']);
    const answer = await route.fetch();
    return sent.length === 1 ? route.abort() : route.fulfill({ response: answer });
  });
  await page.getByLabel('Long address').fill('https://example.com/once');
  await page.getByRole('button', { name: 'Shorten' }).click();
  await expect(page.getByText('The server cannot be reached.')).toBeVisible();
  await page.getByRole('button', { name: 'Shorten' }).click();
  await expect(page.getByText('is ready.')).toBeVisible();
  expect(sent[0]).toBe(sent[1]);
  await expect(page.getByRole('row')).toHaveCount(2); // including the header
});

test('many lines make many links; refused ones stay', async ({ page, owner }, info) => {
  await open(page, '/app/links', key(owner));
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('button', { name: 'Several at once' }).click();
  const code = unique('several', info);
  await page.getByLabel('Long addresses').fill(`https://example.com/1\n${code} https://example.com/2\nftp://example.com/3`);
  await accessible(page);
  await page.getByRole('button', { name: 'Shorten 3 addresses' }).click();
  await expect(toast(page, '2 links are ready.')).toBeVisible();
  await expect(page.getByLabel('Long addresses')).toHaveValue('ftp://example.com/3');
  await expect(page.getByText('1 line was rejected:')).toBeVisible();
  await expect(row(page, code)).toBeVisible();
});

test('a link is deleted, undone, and restored from the deleted ones @phone', async ({ page, request, owner }, info) => {
  const code = unique('gone', info);
  await create(request, key(owner), { url: 'https://example.com/', code, title: 'To be deleted' });
  await open(page, '/app/links', key(owner));
  const choose = async (action) => {
    await row(page, code).getByRole('button', { name: /^More for/ }).click();
    await page.getByRole('menuitem', { name: action, exact: true }).click();
  };
  await choose('Delete');
  await expect(row(page, code)).toBeHidden();
  expect((await follow(request, `/${code}`)).status()).toBe(410);
  await accessible(page);
  await screenshot(page, info, 'deleted');
  await toast(page, 'is deleted').getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, code)).toBeVisible();
  await choose('Delete');
  await expect(row(page, code)).toBeHidden();
  await page.getByLabel('Status').selectOption('Deleted');
  await expect(row(page, code).getByText('Deleted today')).toBeVisible();
  await row(page, code).getByRole('button', { name: 'Restore', exact: true }).click();
  await page.getByLabel('Status').selectOption('All except deleted');
  await choose('Disable');
  await expect(row(page, code).getByText('Disabled')).toBeVisible();
  await choose('Delete');
  await page.getByLabel('Status').selectOption('Deleted');
  await choose('Delete for good');
  const dialog = page.getByRole('dialog', { name: /for good\?$/ });
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(row(page, code)).toBeHidden();
});

test('selected links are tagged and deleted together', async ({ page, request, owner }, info) => {
  const codes = ['a', 'b', 'c'].map((name) => unique(name, info));
  await create(request, key(owner), ...codes.map((code) => ({ url: 'https://example.com/', code })));
  await open(page, '/app/links', key(owner));
  for (const code of codes.slice(0, 2)) await row(page, code).getByRole('checkbox').check();
  const bar = page.getByRole('region', { name: '2 selected' });
  await accessible(page);
  await bar.getByRole('button', { name: 'Add a tag' }).click();
  await bar.getByLabel('Tag').fill('together');
  await page.keyboard.press('Enter');
  for (const code of codes.slice(0, 2)) await expect(row(page, code).getByRole('button', { name: 'together' })).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select all shown' }).check();
  await page.getByRole('region', { name: '3 selected' }).getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'Your first link' })).toBeVisible();
  await toast(page, '3 links are deleted.').getByRole('button', { name: 'Undo' }).click();
  for (const code of codes) await expect(row(page, code)).toBeVisible();
});

test('an edit that somebody else was faster with keeps what was typed @phone', async ({ page, request, owner }, info) => {
  const withKey = key(owner);
  const code = unique('edit', info);
  await create(request, withKey, { url: 'https://example.com/', code, title: 'Before' });
  await open(page, '/app/links', withKey);
  await row(page, code).getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit link' });
  await dialog.getByLabel('Title').fill('Mine');
  await accessible(page);
  await screenshot(page, info, 'edit');
  await page.keyboard.press('Escape'); // the input is not lost
  await toast(page, 'not saved yet').getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByLabel('Title')).toHaveValue('Mine');
  const other = await request.patch(`/api/links/${code}`, { headers: { Authorization: `Bearer ${withKey}` }, data: { tags: ['theirs'] } });
  expect(other.status()).toBe(200);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Someone else has changed this link in the meantime: Tags.')).toBeVisible();
  await expect(dialog.getByLabel('Tags')).toHaveValue('theirs');
  await expect(dialog.getByLabel('Title')).toHaveValue('Mine');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(row(page, code)).toContainText('Mine');
  await expect(row(page, code).getByRole('button', { name: 'theirs' })).toBeVisible();
  await row(page, code).getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'History' }).click();
  await expect(page.getByRole('dialog').getByText('Before → Mine')).toBeVisible();
});

test('Copy says so on itself, and shows the text where there is no clipboard', async ({ page, context, request, owner }, info) => {
  const [link] = await create(request, key(owner), { url: 'https://example.com/', code: unique('copy', info) });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '/app/links', key(owner));
  const button = row(page, link.code).getByRole('button', { name: /^Copy / });
  await button.click();
  await expect(row(page, link.code).getByRole('button', { name: /^Copied / })).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link.shortUrl);
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await expect(button).toHaveText('Copy');
  await button.click();
  await expect(page.getByRole('dialog', { name: 'Copy it by hand' }).getByRole('textbox')).toHaveValue(link.shortUrl);
});

test('a QR code is shown and downloaded @phone', async ({ page, request, owner }, info) => {
  const code = unique('qr', info);
  await create(request, key(owner), { url: 'https://example.com/', code });
  await open(page, '/app/links', key(owner));
  await row(page, code).getByRole('button', { name: /^QR code of/ }).click();
  const dialog = page.getByRole('dialog', { name: 'QR code' });
  await expect.poll(() => dialog.getByRole('img').evaluate((image) => image.naturalWidth)).toBeGreaterThan(0);
  await accessible(page);
  await screenshot(page, info, 'qr');
  await dialog.getByLabel('Size in pixels').fill('256');
  for (const format of ['SVG', 'PNG']) {
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: `Download ${format}` }).click()]);
    expect(download.suggestedFilename()).toBe(`${code}.${format.toLowerCase()}`);
  }
});

test('a link is shared with the system’s sheet, and an address shared with the site fills the form', async ({ page, request, owner }, info) => {
  const [link] = await create(request, key(owner), { url: 'https://example.com/', code: unique('share', info), title: 'To share' });
  await page.addInitScript(() => { navigator.share = async (data) => { window.shared = data; }; });
  await open(page, '/app/links?text=Look%20at%20https%3A%2F%2Fexample.com%2Fshared', key(owner));
  await expect(page.getByLabel('Long address')).toHaveValue('https://example.com/shared');
  await expect(page).toHaveURL(/\/app\/links$/);
  await row(page, link.code).getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Share' }).click();
  expect(await page.evaluate(() => window.shared)).toEqual({ url: link.shortUrl, title: 'To share' });
});

test('an address pasted anywhere fills the form', async ({ page, owner }) => {
  await open(page, '/app/links', key(owner));
  await expect(page.getByRole('heading', { name: 'Your first link' })).toBeVisible();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text', 'https://example.com/pasted');
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByLabel('Long address')).toHaveValue('https://example.com/pasted');
});

test('a long list comes in pages, and unchanged ones are not sent again', async ({ page, request, owner }, info) => {
  const withKey = key(owner);
  const items = Array.from({ length: 60 }, (_, i) => ({ create: { url: `https://example.com/${i}`, title: `Number ${i}` } }));
  const headers = { Authorization: `Bearer ${withKey}`, 'Idempotency-Key': unique('bulk', info) };
  await expect.poll(async () => { // on a slow machine one request does not create all of them
    const answer = await request.post('/api/links/bulk', { headers, data: { items } });
    return (await answer.json()).results.filter(({ problem }) => problem).length;
  }, { timeout: 120_000 }).toBe(0);
  await open(page, '/app/links', withKey);
  await expect(page.getByRole('row')).toHaveCount(51);
  const again = page.waitForResponse((response) => response.url().includes('/api/links?') && !response.url().includes('cursor'));
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(page.getByRole('row')).toHaveCount(61);
  expect((await again).status()).toBe(304);
  await expect(page.getByRole('row')).toHaveCount(61);
});

test('a link has a page with its statistics, live @phone', async ({ page, request, owner }, info) => {
  const withKey = key(owner);
  const code = unique('stats', info);
  await create(request, withKey, { url: 'https://example.com/', code, title: 'With statistics', note: 'For me', tags: ['t'] });
  await open(page, '/app/links', withKey);
  await row(page, code).getByRole('link', { name: 'With statistics' }).click();
  await expect(page.getByRole('heading', { name: 'With statistics', level: 1 })).toBeFocused();
  await expect(page.getByText('No clicks in this period.')).toBeVisible();
  for (let i = 0; i < 3; i++) await follow(request, `/${code}`);
  const clicks = page.locator('.numbers > div').filter({ hasText: /^Clicks/ }).locator('dd').first();
  await expect(clicks).toHaveText('3', { timeout: 120_000 });
  await expect(page.getByRole('heading', { name: 'Browsers' }).locator('..')).toContainText('Firefox');
  await expect(page.locator('.recent tbody tr')).toHaveCount(3);
  await page.getByText('As a table').click();
  await expect(page.getByRole('table').first().getByRole('row')).toHaveCount(31);
  await accessible(page);
  await screenshot(page, info, 'link');
  for (const [range, rows] of [['24 hours', 24], ['7 days', 7], ['90 days', 90], ['12 months', 12]]) {
    await page.getByRole('button', { name: range }).click();
    await page.getByText('As a table').click();
    await expect(page.getByRole('table').first().locator('tbody tr')).toHaveCount(rows);
  }
  await page.reload(); // the range is in the address
  await expect(page.getByRole('button', { name: '12 months' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Custom' }).click();
  const today = new Date().toLocaleDateString('en-CA');
  await page.getByLabel('From', { exact: true }).fill('2026-02-02');
  await page.getByLabel('To', { exact: true }).fill('2026-02-01');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByLabel('To', { exact: true })).toHaveAccessibleDescription('This must not be before the first day.');
  await page.getByLabel('From', { exact: true }).fill(today);
  await page.getByLabel('To', { exact: true }).fill(today);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`from=${today}&to=${today}&tz=`));
  await expect(page.getByRole('heading', { name: 'Clicks by hour' })).toBeVisible();
  await expect(clicks).toHaveText('3');
  await page.goto(page.url().replace(/from=.*/, 'from=2026-01-05&to=2026-05-03&tz=Asia/Tokyo'));
  await expect(page.getByRole('heading', { name: 'Clicks by week (Asia/Tokyo)' })).toBeVisible();
  await page.getByText('As a table').click();
  await expect(page.getByRole('table').first().locator('tbody tr')).toHaveCount(17);
  await expect(page.getByRole('table').first().locator('tbody tr').first()).toContainText('Jan 5');
  await accessible(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export CSV' }).click()]);
  expect(download.suggestedFilename()).toMatch(new RegExp(`^${code}-.*\\.csv$`));
});

// Reports: the list by day, requesting a report, and reading it on the site.
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { accessible, create, follow, key, open, screenshot, test } from './site.mjs';


/** Creates a link of the owner with one counted click. */
async function clicked(request, owner, title) {
  const [{ code, shortUrl }] = await create(request, key(owner), { url: 'https://example.com/report', title });
  expect((await follow(request, shortUrl)).status()).toBe(302);
  await expect.poll(async () => (await (await request.get(`/api/links/${code}/stats`, { headers: { Authorization: `Bearer ${key(owner)}` } })).json()).total).toBe(1);
}

/** A report of the list. */
const summary = (date, clicks, before, more = {}) => ({
  id: `daily-${date}-2744ccd10c7533bd`, owner: 'me', period: 'daily', date, createdAt: '2026-11-30T02:00:00.000Z', complete: true, totals: { clicks, before, links: Math.min(clicks, 3) }, ...more,
});

test('makes today’s report and shows it, prints it and downloads it @phone', async ({ page, request, owner }, info) => {
  const title = `In the report, ${info.project.name} ${info.retry}`;
  await clicked(request, owner, title);
  await open(page, '/app/reports', key(owner));
  await page.getByRole('button', { name: 'Create a report' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'is ready' })).toBeVisible();
  await accessible(page);
  await screenshot(page, info, 'reports');
  await page.getByRole('link', { name: 'Read it' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toContainText(String(new Date().getUTCFullYear()));
  await expect(page.getByText('The day so far', { exact: false })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Clicks by hour/ })).toBeVisible();
  await expect(page.getByRole('link', { name: `Statistics of ${title}` })).toBeVisible();
  await expect(page.locator('.breakdown').filter({ hasText: 'Browsers' })).toContainText('Firefox');
  await accessible(page);
  await screenshot(page, info, 'report');

  const found = /daily-(\d{4}-\d\d-\d\d)-/.exec(page.url())[1];
  for (const [item, ending, content] of [['Table (CSV)', 'csv', /^\uFEFF?"?[a-z]/i], ['Page (HTML)', 'html', /^<!doctype html>/], ['Data (JSON)', 'json', /^\{/]]) {
    await page.getByRole('button', { name: 'Download' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: item }).click()]);
    expect(file.suggestedFilename()).toBe(`report-${found}.${ending}`);
    expect(readFileSync(await file.path(), 'utf8')).toMatch(content);
  }

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByRole('img', { name: /^Clicks by hour/ })).toBeVisible();
  await screenshot(page, info, 'report-print');
});

test('a report is brought up to date in place', async ({ page, request, owner }, info) => {
  await open(page, '/app/reports', key(owner));
  await page.getByRole('button', { name: 'Create a report' }).click();
  await page.getByRole('link', { name: 'Read it' }).click();
  const total = page.locator('.numbers .card').filter({ hasText: 'Clicks' }).locator('.number');
  const before = Number(await total.textContent());
  await clicked(request, owner, `Later, ${info.project.name} ${info.retry}`);
  await page.getByRole('button', { name: 'Update' }).click();
  await expect.poll(async () => Number(await total.textContent())).toBeGreaterThan(before);
  await page.reload(); // the page has no addresses that expire
  await expect(page.getByRole('img', { name: /^Clicks by hour/ })).toBeVisible();
});

test('lists days in their order, with their change @phone', async ({ page, owner }, info) => {
  const items = [ // in the server's order: the most recently written first
    summary('2026-11-27', 50, 40), summary('2026-11-29', 0, 0), summary('2026-11-28', 0, 50), summary('2026-11-30', 7, 0, { complete: false }),
  ];
  await page.route('**/api/reports?*', (route) => route.fulfill({ json: route.request().url().includes('cursor=') ? { items: [summary('2026-11-26', 40, 0)] } : { items, next: 'more' } }));
  await open(page, '/app/reports', key(owner));
  await page.getByRole('button', { name: 'Show more' }).click();
  const rows = page.locator('.days tbody tr');
  await expect(rows).toHaveCount(5);
  for (const [n, texts] of [['30', 'The day so far', '7'], ['29', 'no change'], ['28', /[-−]100\s?%/], ['27', /\+25\s?%/], ['26', 'none before']].entries()) {
    for (const text of texts) await expect(rows.nth(n)).toContainText(text);
  }
  await accessible(page);
  await screenshot(page, info, 'reports-days');
});

test('says what is wrong with the day, at its field', async ({ page, owner }) => {
  await open(page, '/app/reports', key(owner));
  await page.getByLabel('Day', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Create a report' }).click();
  await expect(page.getByLabel('Day', { exact: true })).toBeFocused();
  await expect(page.getByLabel('Day', { exact: true })).toHaveAccessibleDescription('Please choose a day.');
  await page.getByLabel('Day', { exact: true }).fill('2999-01-01');
  await page.getByRole('button', { name: 'Create a report' }).click();
  await expect(page.getByLabel('Day', { exact: true })).toHaveAccessibleDescription(/future/);
  await accessible(page);
});

test('says when there is none, when the list cannot be read, and when a report is missing', async ({ page, owner }) => {
  let answer = { json: { items: [] } };
  await page.route('**/api/reports?*', (route) => route.fulfill(answer));
  await open(page, '/app/reports', key(owner));
  await expect(page.getByRole('heading', { name: 'No reports yet' })).toBeVisible();
  await accessible(page);
  answer = { status: 403, json: { type: 'about:blank', title: 'Forbidden', status: 403, detail: 'The key needs the scope reports:read.' } };
  await page.reload();
  await expect(page.getByRole('alert').filter({ hasText: 'reports:read' })).toBeVisible();
  await page.goto('/app/reports/daily-2001-01-01-0000000000000000');
  await expect(page.getByRole('heading', { name: 'Report not found' })).toBeVisible();
  await accessible(page);
});

test('reports in German', async ({ page, owner }) => {
  await page.addInitScript(() => localStorage.setItem('minim.language', 'de'));
  await open(page, '/app/reports', key(owner));
  await expect(page.getByRole('heading', { name: 'Berichte', level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Bericht erstellen' })).toBeVisible();
});

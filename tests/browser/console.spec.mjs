// The console of the local cloud in a real browser: every page, in light and dark and at phone width, and every form.
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { accessible, screenshot } from './page.mjs';

const state = process.env.BROWSER_STATE;
const key = () => readFileSync(join(state, 'api-key'), 'utf8').trim();
const authorization = () => ({ Authorization: `Bearer ${key()}` });
const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

test.beforeEach(async ({ page }) => {
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d|Blocked script execution/.test(message.text())) throw new Error(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => { throw error; });
});

/** Shortens a link and follows it once, and returns its code. */
async function visit(request, info) {
  const code = `console-${info.project.name}-${info.retry}-${Date.now().toString(36)}`;
  const made = await request.post('/api/links', { headers: authorization(), data: { url: 'https://example.com/', code } });
  expect(made.status()).toBe(201);
  await request.get(`/${code}`, { maxRedirects: 0, headers: { 'User-Agent': agent } });
  return made.json();
}

async function clicks(request, code) {
  const answer = await request.get(`/api/links/${code}/stats`, { headers: authorization() });
  return (await answer.json()).total;
}

function mail() {
  mkdirSync(join(state, 'outbox'), { recursive: true });
  writeFileSync(join(state, 'outbox', 'test.eml'), [
    'Subject: Your report of yesterday', 'From: reports@example.com', 'To: ann@example.org', 'Date: Sat, 21 Nov 2026 06:00:00 +0000', 'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary=b', '', '--b', 'Content-Type: text/plain; charset=utf-8', '', 'Twelve clicks.',
    '--b', 'Content-Type: text/html; charset=utf-8', '', '<h1>Twelve clicks</h1><script>parent.document.title = "run"</script>', '--b--', '',
  ].join('\r\n'));
}

test('every page is accessible in both colours, and fits', async ({ page, request }, info) => {
  test.slow();
  const { code } = await visit(request, info);
  mail();
  await expect.poll(async () => (await (await request.get('/_local/invocations?q=' + code)).json()).length).toBeGreaterThan(0);
  const [{ requestId }] = await (await request.get('/_local/invocations?q=' + code)).json();
  const pages = {
    overview: '', functions: 'functions', function: 'functions/minim-local-link-redirect', invocations: 'invocations', invocation: `invocations/${requestId}`,
    queues: 'queues', queue: 'queues/minim-local-clicks-dead', schedules: 'schedules', sources: 'sources', routes: 'routes', tables: 'tables',
    table: 'tables/minim-local-links', buckets: 'buckets', bucket: 'buckets/minim-local-site-000000000000?prefix=app/', outbox: 'outbox', mail: 'outbox/test.eml', missing: 'nothing',
  };
  for (const [name, path] of Object.entries(pages)) {
    await test.step(name, async () => {
      await page.goto(`/_local/${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await screenshot(page, info, `console-${name}`);
      await page.evaluate(() => document.querySelector('iframe')?.remove()); // axe cannot run in a sandbox
      await accessible(page);
    });
  }
});

test('an invocation appears by itself, with its log, event and answer', async ({ page, request }, info) => {
  await page.goto('/_local/invocations?function=minim-local-link-shorten');
  const rows = page.locator('#invocations tbody tr');
  const before = await rows.count();
  const { code } = await visit(request, info);
  await expect.poll(() => rows.count()).toBeGreaterThan(before); // without a reload
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await page.locator('#invocations tbody tr', { hasText: 'link-shorten' }).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'link-shorten' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Event', exact: true })).toContainText('"routeKey": "POST /api/links"');
  await expect(page.getByRole('region', { name: 'Answer', exact: true })).toContainText('"statusCode": 201');

  const refused = await request.post('/api/links', { headers: authorization(), data: { url: 'nowhere' } });
  const { instance } = await refused.json(); // the ID that a visitor would report
  await page.goto(`/_local/invocations?${new URLSearchParams({ q: instance })}`);
  await page.locator('#invocations tbody tr', { hasText: 'link-shorten' }).getByRole('link').click();
  await expect(page.getByRole('region', { name: 'Log' })).toContainText('request refused');
  await screenshot(page, info, 'console-log');
});

test('environments change their state before the eyes', async ({ page, request }) => {
  await page.goto('/_local/functions');
  const health = page.getByRole('row', { name: 'health' });
  const count = health.locator('td.number').first();
  const before = Number(await count.textContent());
  await request.get('/api/health');
  await expect(count).toHaveText(String(before + 1));
  await expect(health).toContainText('1 warm');
  await page.getByRole('button', { name: 'Live' }).click();
  await request.get('/api/health');
  await page.waitForTimeout(2000);
  await expect(count).toHaveText(String(before + 1)); // updates are off
  await page.getByRole('button', { name: 'Live' }).click();
  await expect(count).toHaveText(String(before + 2));
});

test('invokes a function, and tells what is wrong with an event', async ({ page }) => {
  await page.goto('/_local/functions/minim-local-health');
  const event = page.getByLabel('Event, as JSON');
  await event.fill('{"version": ');
  await page.getByRole('button', { name: 'Invoke', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('The event is not JSON');
  await expect(event).toHaveValue('{"version":');
  await event.fill('{"version": "2.0", "rawPath": "/api/health", "requestContext": {"http": {"method": "GET"}}}');
  await expect(page.getByRole('button', { name: 'Live' })).toBeVisible(); // the script has been loaded
  await event.press('Control+Enter');
  await expect(page.getByRole('status')).toContainText('health has answered.');
  await expect(page.getByRole('region', { name: 'Answer', exact: true })).toContainText('"statusCode": 200');
  await expect(page).not.toHaveURL(/note=/); // a reload does not show it again
  await page.getByRole('link', { name: 'Invoke again with this event' }).click();
  await expect(event).toHaveValue(/"rawPath": "\/api\/health"/);
});

test('sends a dead letter back to its queue, where it is taken', async ({ page, request }, info) => {
  const { code, id } = await visit(request, info);
  await expect.poll(() => clicks(request, code), { timeout: 120_000 }).toBe(1);
  const click = { id: `dead-${Date.now()}-${info.project.name}`, link: id, code, owner: 'me', at: new Date().toISOString(), country: 'DE', city: '', referrer: '', browser: 'Firefox', system: 'Linux', device: 'desktop' };
  await page.goto('/_local/queues');
  await page.getByRole('link', { name: 'clicks-dead' }).first().click();
  await page.getByLabel('Message body').fill(JSON.stringify(click));
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('Sent as message');
  await expect(page.locator('#messages')).toContainText(click.id);
  expect(await clicks(request, code)).toBe(1);
  await screenshot(page, info, 'console-dead-letter');
  await page.getByRole('button', { name: 'Send all back to clicks' }).click();
  await expect(page.getByRole('status')).toContainText('1 message was sent back to clicks.');
  await expect(page.locator('#messages')).toContainText('This queue is empty.');
  await expect.poll(() => clicks(request, code), { timeout: 120_000 }).toBe(2);
});

test('invokes again for a failed event', async ({ page }) => {
  const record = { version: '1.0', requestContext: { requestId: 'b6ba0b5e-0000-4000-8000-000000000000', functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:minim-local-report-run:$LATEST', condition: 'RetriesExhausted', approximateInvokeCount: 3 }, requestPayload: {}, responsePayload: { errorMessage: 'no' } };
  await page.goto('/_local/queues/minim-local-failures');
  await page.getByLabel('Message body').fill(JSON.stringify(record));
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.locator('#messages')).toContainText('RetriesExhausted after 3 attempts');
  await page.getByRole('button', { name: 'Invoke again with this event' }).click();
  await expect(page.getByRole('status')).toContainText('1 event was queued again.');
  await expect(page.locator('#messages')).toContainText('This queue is empty.');
});

test('runs a schedule now', async ({ page }, info) => {
  await page.goto('/_local/schedules');
  await page.getByRole('button', { name: 'Run report-run now' }).click();
  await expect(page.getByRole('status')).toContainText('The schedule of report-run ran at');
  await screenshot(page, info, 'console-schedule-run');
  await page.getByRole('link', { name: 'Invocations of report-run' }).click();
  await expect(page.locator('#invocations tbody tr', { hasText: 'report-run' }).first()).toContainText('ok', { timeout: 120_000 });
});

test('works without script', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/_local/');
  await expect(page.getByRole('button', { name: 'Live' })).toBeHidden();
  await page.getByRole('navigation').getByRole('link', { name: 'Functions' }).click();
  await page.getByRole('link', { name: 'health' }).click();
  await page.getByRole('button', { name: 'Queue as an asynchronous event' }).click();
  await expect(page.getByRole('status')).toContainText('The event is queued.');
  await page.goto('/_local/queues/minim-local-clicks-dead');
  await page.getByRole('button', { name: 'Purge' }).click(); // the browser requires the checkbox
  await expect(page.getByRole('status')).toHaveCount(0);
  await page.getByLabel(/Delete all messages/).check();
  await page.getByRole('button', { name: 'Purge' }).click();
  await expect(page.getByRole('status')).toContainText('0 messages were deleted.');
  await context.close();
});

test('what a mail brings along does not run', async ({ page }) => {
  mail();
  await page.goto('/_local/outbox');
  await page.getByRole('link', { name: 'Your report of yesterday' }).click();
  await expect(page.frameLocator('iframe').getByRole('heading', { name: 'Twelve clicks' })).toBeVisible();
  await expect(page).toHaveTitle(/^Your report of yesterday/);
});

test('browses tables and buckets', async ({ page, request }, info) => {
  const { code } = await visit(request, info);
  await page.goto('/_local/tables/minim-local-links');
  await page.getByLabel('Partition key').fill(code);
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('link', { name: code }).click();
  await expect(page.getByRole('region', { name: 'Item as JSON' })).toContainText(`"code": "${code}"`);
  await page.goto('/_local/buckets');
  await page.getByRole('link', { name: /^site-/ }).click();
  await page.getByRole('link', { name: 'app/' }).click();
  await page.getByRole('link', { name: 'releases/' }).click();
  await page.getByRole('main').getByRole('link', { name: /^[^/]+-[0-9a-f]+\/$/ }).click();
  await page.getByRole('link', { name: 'icon.svg' }).click();
  const image = page.getByRole('img', { name: 'icon.svg' });
  await expect.poll(() => image.evaluate((img) => img.naturalWidth)).toBeGreaterThan(0);
  const opened = await request.get(await image.getAttribute('src'));
  expect(opened.headers()['content-security-policy']).toContain('sandbox');
});

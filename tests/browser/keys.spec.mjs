// API keys: created, shown once, rotated and revoked.
import { expect } from '@playwright/test';
import { accessible, key, open, test } from './site.mjs';

const scopes = 'links:read,links:write,keys:read,keys:write';
const row = (page, name) => page.getByRole('row').filter({ hasText: name });
const status = async (request, token) => (await request.get('/api/keys', { headers: { Authorization: `Bearer ${token}` } })).status();

test('a key is created, shown once, rotated and revoked @phone', async ({ page, request, owner }, info) => {
  await open(page, '/app/keys', key(owner, scopes));
  await expect(row(page, 'This browser')).toContainText('by an operator'); // make key;
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog', { name: 'New API key' });
  await expect(dialog.getByRole('group', { name: 'Images' })).toHaveCount(0); // a scope that the caller lacks
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(dialog.getByLabel('Name')).toHaveAccessibleDescription(/Please enter a name/);
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await expect(dialog.getByText('Please choose at least one scope.')).toBeVisible();
  const name = 'The nightly import of the shop-with-a-name-that-does-not-fit-on-a-phone';
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('group', { name: 'API keys' }).getByLabel('Read').check();
  await dialog.getByLabel('Expires').selectOption('On a date of your choice');
  await dialog.getByLabel('Last day it works').fill('2030-01-31');
  await accessible(page);
  await dialog.getByRole('button', { name: 'Create key' }).click();

  const shown = page.getByRole('region', { name: /is ready$/ });
  await expect(shown.getByRole('heading')).toBeFocused();
  await expect(shown).toContainText('not be able to see it again');
  const token = await shown.getByRole('textbox').inputValue();
  expect(await status(request, token)).toBe(200);
  await expect(row(page, name)).toContainText('keys:read');
  await expect(row(page, name)).toContainText('Jan 31, 2030');
  await accessible(page);
  await shown.getByRole('button', { name: 'I have saved it' }).click();
  await expect(page.getByText(token)).toHaveCount(0);

  await row(page, name).getByRole('button', { name: /^Rotate/ }).click();
  await page.getByRole('dialog').getByLabel('How long the old key keeps working').selectOption('1 hour');
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate', exact: true }).click();
  await expect(shown).toContainText('The old key works until');
  const rotated = await shown.getByRole('textbox').inputValue();
  expect(rotated).not.toBe(token);
  expect([await status(request, token), await status(request, rotated)]).toEqual([200, 200]);

  await page.reload();
  await expect(shown).toHaveCount(0);
  await row(page, name).getByRole('button', { name: /^Revoke/ }).click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(row(page, name)).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'API keys', level: 1 })).toBeFocused();
  await expect.poll(() => status(request, rotated)).toBe(403);
  await page.reload();
  await expect(row(page, 'This browser')).toBeVisible();
  await expect(row(page, name)).toHaveCount(0);
});

test('the own key stays in use when it is rotated', async ({ page, request, owner }) => {
  const own = key(owner, scopes);
  await open(page, '/app/keys', own);
  await row(page, 'This browser').getByRole('button', { name: /^Rotate/ }).click();
  await page.getByRole('dialog').getByLabel('How long the old key keeps working').selectOption('It stops now');
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate', exact: true }).click();
  await expect(page.getByText('This browser uses the new key from now on.')).toBeVisible();
  await expect.poll(() => status(request, own)).toBe(403);
  await page.reload();
  await expect(row(page, 'This browser')).toBeVisible();
});

test('keys in their other states: none, too many, failed, not permitted; in German', async ({ page, owner }) => {
  let answer = { json: { items: [] } };
  await page.route('**/api/keys', (route) => route.fulfill(answer));
  await open(page, '/app/keys', key(owner, scopes));
  await expect(page.getByRole('heading', { name: 'No API keys yet' })).toBeVisible();
  const at = '2026-11-21T03:00:00.000Z';
  answer = { json: { items: Array.from({ length: 50 }, (_, i) => ({ id: `k${i}`, owner, name: i ? `Key ${i}` : '', scopes: ['links:read'], status: ['active', 'expired', 'disabled'][i % 3], createdBy: i ? `key:k${i + 1}` : owner, createdAt: at, expiresAt: null, usedOn: null, formerUntil: at })) } };
  await page.reload();
  await expect(page.getByText('You have 50 API keys')).toBeVisible();
  await expect(page.getByRole('button', { name: 'New key' })).toBeDisabled();
  await accessible(page);
  answer = { status: 503, json: { type: 'about:blank', title: 'Service Unavailable', status: 503, detail: 'No.' } };
  await page.evaluate(() => localStorage.setItem('minim.language', 'de'));
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Das konnte nicht geladen werden' })).toBeVisible();
  answer = { json: { items: [] } };
  await page.getByRole('button', { name: 'Noch einmal versuchen' }).click();
  await page.getByRole('button', { name: 'Neuer Schlüssel' }).click();
  await expect(page.getByRole('dialog', { name: 'Neuer API-Schlüssel' }).getByLabel('Ändern').first()).toBeVisible();
  await expect(page.getByText('undefined')).toHaveCount(0);
});

test('the menu of a phone leads wherever the rail leads, and others may not see keys @phone', async ({ page, owner }, info) => {
  const nav = page.getByRole('navigation');
  await open(page, '/app/settings', key('boss', 'admin'));
  if (info.project.name === 'phone') {
    await page.getByRole('button', { name: 'More' }).click();
    await accessible(page);
    await page.getByRole('menuitem', { name: 'Reported links' }).click();
    await expect(page).toHaveURL(/\/app\/admin$/);
    await expect(page.getByRole('button', { name: 'More' })).toHaveAttribute('aria-current', 'page');
    await page.getByRole('button', { name: 'More' }).click();
  }
  const rail = await page.locator('.rail li a').allTextContents();
  const bar = [...await page.locator('.tabs a').allTextContents(), ...await page.getByRole('menuitem').allTextContents()];
  if (info.project.name === 'phone') for (const label of rail) expect(bar).toContain(label);
  await page.evaluate((value) => localStorage.setItem('minim.key', value), key(owner, 'links:read'));
  await page.goto('/app/links');
  await expect(nav.getByRole('link', { name: 'Links' })).toBeVisible();
  await expect(page.locator('.rail').getByText('API keys', { exact: true })).toHaveCount(0);
});

// Spaces: two people share one, by an invitation from the outbox.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { accessible, screenshot, signInLink, test } from './site.mjs';

const outbox = join(process.env.BROWSER_STATE, 'outbox');

/** The link of the latest invitation to an address. */
function invitationTo(email) {
  const mails = readdirSync(outbox).sort().map((name) => readFileSync(join(outbox, name), 'utf8'));
  const mail = mails.filter((text) => text.includes(email) && text.includes('/app/invitation#')).at(-1);
  return mail?.replace(/=\r?\n/g, '').match(/\S*\/app\/invitation#\w+/)[0];
}

test('two people share a space: invited, joined, promoted, removed @phone', async ({ page, browser, baseURL }, info) => {
  const bob = `bob-${info.retry}-${Date.now().toString(36)}@minim.example`;
  await page.goto(signInLink(`ada-${Date.now().toString(36)}@minim.example`, baseURL));
  await page.goto('/app/spaces');
  await page.getByLabel('Name').fill(' ');
  await page.getByRole('button', { name: 'Create space' }).click();
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription(/must not be empty/);
  await page.getByLabel('Name').fill('Shop');
  await page.getByRole('button', { name: 'Create space' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Shop' })).toBeFocused();
  await page.getByLabel('Email address').fill(bob);
  await page.getByLabel('Role', { exact: true }).selectOption('Viewer');
  await page.getByRole('button', { name: 'Send invitation' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: bob })).toContainText('Viewer');
  await accessible(page);
  await screenshot(page, info, 'space');
  const space = page.url();
  await page.getByRole('button', { name: 'Switch to it' }).click();
  await page.getByLabel('Long address').fill('https://example.com/shared');
  await page.getByRole('button', { name: 'Shorten' }).click();
  await expect(page.getByRole('main')).toContainText('example.com/shared');

  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await other.goto(invitationTo(bob)); // before the sign-in
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
  expect(other.url()).not.toContain('#');
  await other.goto(signInLink(bob, baseURL));
  await other.goto('/app/invitation');
  await expect(other.getByText(`You join as ${bob}`)).toBeVisible();
  await other.getByRole('button', { name: 'Join the space' }).click();
  await expect(other.getByRole('main')).toContainText('example.com/shared');
  await expect(other.getByRole('link', { name: 'API keys' })).toHaveCount(0);

  await page.goto(space);
  const row = page.getByRole('listitem').filter({ hasText: bob });
  await row.getByRole('combobox').selectOption('Editor');
  await expect(page.getByText(`The role of ${bob} is now Editor.`)).toBeVisible();
  await row.getByRole('button', { name: `Remove ${bob}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(row).toHaveCount(0);
  await expect(async () => { // within 5 seconds
    await other.goto('/app/spaces');
    await expect(other.getByRole('listitem').filter({ hasText: 'Shop' })).toHaveCount(0, { timeout: 1000 });
    await expect(other.getByRole('listitem').filter({ hasText: 'Personal' })).toContainText('Current', { timeout: 1000 });
  }).toPass({ timeout: 15_000 });
  await page.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
  await expect(page.getByText('The space needs an admin.')).toBeVisible();
});

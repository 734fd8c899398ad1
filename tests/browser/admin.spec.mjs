// Reported links: what visitors report, and what an admin does about it.
import { execFileSync } from 'node:child_process';
import { expect } from '@playwright/test';
import { accessible, asOwner, picture, test } from './signed-in.mjs';

const adminKey = () => execFileSync('make', ['--no-print-directory', '-s', 'key', 'OWNER=boss', 'SCOPES=admin', `STATE=${process.env.BROWSER_STATE}`], { cwd: new URL('../..', import.meta.url).pathname, encoding: 'utf8' }).trim().split('\n').at(-1);

test('an admin takes a reported link down, puts it back and removes the report', async ({ page, request }, info) => {
  const { code } = await (await request.post('/api/links', { headers: asOwner(), data: { url: 'https://example.com/bank' } })).json();
  const text = `It asks for my card, ${info.project.name} ${info.retry}`;
  expect((await request.post(`/${code}+`, { form: { reason: 'phishing', text } })).status()).toBe(200);
  const status = async () => (await request.get(`/${code}`, { maxRedirects: 0 })).status();

  await page.addInitScript((value) => localStorage.setItem('minim.key', value), adminKey());
  await page.goto('/app/links');
  await page.goto('/app/admin');
  const report = page.locator('.abuse > li').filter({ hasText: text });
  await expect(report).toContainText('Phishing');
  await accessible(page);
  await picture(page, info, 'admin');

  await report.getByRole('button', { name: /^Take .* down$/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Take down' }).click();
  await expect(dialog.getByLabel('Reason')).toHaveAccessibleDescription(/Please give a reason/);
  await dialog.getByLabel('Reason').fill('Phishing.');
  await accessible(page);
  await dialog.getByRole('button', { name: 'Take down' }).click();
  await expect(report).toContainText('Taken down');
  await expect.poll(status).toBe(451);
  await report.getByRole('button', { name: /^Put .* back$/ }).click();
  await expect(report.getByRole('button', { name: /^Take .* down$/ })).toBeVisible();
  await expect.poll(status).toBe(302);
  await report.getByRole('button', { name: /^Remove the report/ }).click();
  await expect(report).toHaveCount(0);

  await page.getByLabel('Alias or short link').fill(`http://localhost/${code}`);
  await page.getByRole('button', { name: 'Take down' }).last().click();
  await page.getByRole('dialog').getByLabel('Reason').fill('Spam.');
  await page.getByRole('dialog').getByRole('button', { name: 'Take down' }).click();
  await expect.poll(status).toBe(451);
  await page.getByLabel('Alias or short link').fill('nobody-has-this');
  await page.getByRole('button', { name: 'Put back', exact: true }).click();
  await expect(page.getByLabel('Alias or short link')).toHaveAttribute('aria-invalid', 'true');
});

test('others are told that they may not see it', async ({ page }) => {
  await page.goto('/app/admin');
  await expect(page.getByRole('alert').filter({ hasText: 'You may not see this' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Reported links' })).toHaveCount(0);
});

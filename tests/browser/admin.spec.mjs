// Abuse reports: visitors report links, and an admin takes them down.
import { expect } from '@playwright/test';
import { accessible, create, key, open, screenshot, test } from './site.mjs';

test('an admin takes a reported link down, puts it back and removes the report @phone', async ({ page, request, owner }, info) => {
  const [{ code }] = await create(request, key(owner), { url: 'https://example.com/bank' });
  const text = `It asks for my card, ${info.project.name} ${info.retry}`;
  expect((await request.post(`/${code}+`, { form: { reason: 'phishing', text } })).status()).toBe(200);
  const status = async () => (await request.get(`/${code}`, { maxRedirects: 0 })).status();

  await open(page, '/app/admin', key('boss', 'admin'));
  const report = page.locator('.abuse > li').filter({ hasText: text });
  await expect(report).toContainText('Phishing');
  await accessible(page);
  await screenshot(page, info, 'admin');

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

test('others may not see it', async ({ page, owner }) => {
  await open(page, '/app/admin', key(owner));
  await expect(page.getByRole('alert').filter({ hasText: 'You don’t have access to this' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Reported links' })).toHaveCount(0);
});

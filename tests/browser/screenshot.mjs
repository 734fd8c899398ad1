// Takes the screenshot for README of a service with the data of make seed: node screenshot.mjs SITE KEY-FILE OUT.jpg
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const [site, keyFile, out] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, deviceScaleFactor: 1.25, colorScheme: 'light' });
  page.setDefaultTimeout(20_000);
  await page.goto(`${site}/app/links#key=${readFileSync(keyFile, 'utf8').trim()}`);
  await page.getByRole('row').nth(5).waitFor();
  await page.screenshot({ path: out, type: 'jpeg', quality: 80 });
} finally {
  await browser.close();
}

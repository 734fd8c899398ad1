// The screenshot in README: node screenshot.mjs SITE KEY-FILE OUT.jpg, of a service that make seed has filled.
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const [site, keyFile, out] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 800, height: 1180 }, deviceScaleFactor: 1.25, colorScheme: 'light' });
  page.setDefaultTimeout(20_000);
  await page.goto(`${site}/app/icon.svg`); // a page of the site, to set what the browser remembers
  await page.evaluate((key) => {
    localStorage.setItem('minim.key', key);
    localStorage.setItem('minim.links', JSON.stringify(['go-tour', 'newsletter']));
  }, readFileSync(keyFile, 'utf8').trim());
  await page.goto(site);
  await page.locator('#links li').nth(1).waitFor();
  await page.locator('.gallery .there').nth(2).waitFor();
  await page.waitForTimeout(1000); // images fade in
  await page.screenshot({ path: out, type: 'jpeg', quality: 80 });
} finally {
  await browser.close();
}

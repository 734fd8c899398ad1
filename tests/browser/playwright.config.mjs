// The browser tests: Debian's Chromium (or CHROMIUM) against a separate local cloud with fresh data.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig, devices } from '@playwright/test';

const port = process.env.BROWSER_PORT ?? '8091';
// Workers load this file again and get the first process's choices from the environment.
process.env.BROWSER_STATE ??= mkdtempSync(join(tmpdir(), 'minim-browser-'));

const chromium = {
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  },
};

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  use: { baseURL: `http://localhost:${port}`, screenshot: 'only-on-failure' },
  projects: [
    { name: 'desktop', use: { ...devices['Desktop Chrome'], ...chromium } },
    // The phone tests check all pages and the main workflows; the desktop tests cover the rest.
    { name: 'phone', grep: /@phone|every page is accessible/, use: { ...devices['Pixel 7'], ...chromium } },
  ],
  webServer: {
    command: `WATCH=0 make --no-print-directory dev PORT=${port} STATE=${process.env.BROWSER_STATE}`,
    cwd: '../..',
    url: `http://localhost:${port}/_local/health`,
    timeout: 120_000,
    gracefulShutdown: { signal: 'SIGINT', timeout: 15_000 },
    stdout: 'ignore',
  },
});

// Helpers for the tests of the site: sign-in, and links by the API.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';

export { accessible, screenshot } from './page.mjs';

const state = process.env.BROWSER_STATE;
const root = new URL('../..', import.meta.url).pathname;
const keys = new Map();

/** The developer's API key, or one of another owner. */
export function key(owner = '', scopes = 'links:read,links:write,images:read,images:write,reports:read,reports:write') {
  if (!owner) return readFileSync(join(state, 'api-key'), 'utf8').trim();
  const name = `${owner} ${scopes}`;
  if (!keys.has(name)) {
    const out = join(state, `key-${owner}-${keys.size}-${process.pid}`);
    execFileSync('infra/commands/at', ['local', 'build/key', '--table', 'minim-local-keys', '--owner', owner, '--scopes', scopes, '--out', out], { cwd: root, env: { ...process.env, STATE: state } });
    keys.set(name, readFileSync(out, 'utf8').trim());
  }
  return keys.get(name);
}

/** A one-time link that signs a person in. */
export function signInLink(email, site) {
  const out = join(state, 'sign-in-test');
  execFileSync('infra/commands/at', ['local', 'node', 'infra/commands/user.js', email, site, out], { cwd: root, env: { ...process.env, STATE: state } });
  return readFileSync(out, 'utf8').trim();
}

/**
 * A page that fails its test if the browser logs an error, such as a blocked script or style. The test has its own owner, who has only
 * the links that the test creates.
 */
export const test = base.extend({
  owner: async ({}, use, info) => use(`t${info.workerIndex}-${info.project.name}-${Date.now().toString(36)}`),
  page: async ({ page }, use) => {
    const complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of (4|5)\d\d|net::ERR_/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.stack));
    await use(page);
    expect(complaints).toEqual([]);
  },
});

/** Opens a page of the site, signed in with the key. */
export async function open(page, path, withKey) {
  await page.addInitScript((value) => { if (!localStorage.getItem('minim.key')) localStorage.setItem('minim.key', value); }, withKey);
  await page.goto(path);
}

/** Creates links for the owner of the key. */
export async function create(request, withKey, ...links) {
  const made = [];
  for (const data of links) {
    const answer = await request.post('/api/links', { headers: { Authorization: `Bearer ${withKey}` }, data });
    expect(answer.status(), await answer.text()).toBe(201);
    made.push(await answer.json());
  }
  return made;
}

/** Follows a link as a person does. */
export const follow = (request, url) => request.get(url, { maxRedirects: 0, headers: { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' } });

/** A unique name. */
export const unique = (name, info) => `${name}-${info.project.name}-${info.retry}-${Date.now().toString(36)}`;

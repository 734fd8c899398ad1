// Shortens links and lists those made in this browser, with live clicks.

import { call, Refusal } from './api.js';
import { $, make, onSubmit, whileVisible } from './dom.js';

const STORE = 'minim.links';
const SHOWN = 20;
const EVERY = 2000; // milliseconds between two looks at the clicks

const remembered = () => JSON.parse(localStorage.getItem(STORE) ?? '[]');
const remember = (codes) => localStorage.setItem(STORE, JSON.stringify(codes.slice(0, SHOWN)));

/** Starts the section; call it once. */
export function startLinks() {
  onSubmit($('link-form'), $('link-error'), async () => {
    $('link-status').textContent = '';
    const link = await call('POST', '/api/links', wanted());
    remember([link.code, ...remembered()]);
    show(link);
    $('link-form').reset();
    $('link-status').textContent = `${link.shortUrl} is ready.`;
    $('url').focus();
  });
}

/** Shows the remembered links and keeps their clicks fresh. */
export function watchLinks() {
  refresh().catch((failure) => { $('link-error').textContent = failure.message; });
  whileVisible(EVERY, refresh);
}

function wanted() {
  const link = { url: $('url').value.trim() };
  if (!link.url) throw new Error('Please enter a URL.');
  if ($('code').value.trim()) link.code = $('code').value.trim();
  if ($('expires').value) link.expiresAt = new Date($('expires').value).toISOString();
  return link;
}

async function refresh() {
  for (const code of [...remembered()].reverse()) {
    try {
      show(await call('GET', `/api/links/${encodeURIComponent(code)}`));
    } catch (failure) {
      if (!(failure instanceof Refusal) || failure.status !== 404) throw failure;
      remember(remembered().filter((other) => other !== code)); // deleted, or another stage's
    }
  }
}

function show(link) {
  $('no-links').hidden = true;
  const id = `link-${link.code}`;
  const known = $(id);
  if (known) {
    known.querySelector('.clicks').replaceChildren(...count(link));
    return;
  }
  $('links').prepend(make('li', { id },
    make('a', { class: 'short', href: link.shortUrl, target: '_blank', rel: 'noopener' }, link.shortUrl.replace(/^https?:\/\//, '')),
    make('span', { class: 'clicks', 'data-code': link.code }, ...count(link)),
    make('button', { class: 'quiet', type: 'button', 'aria-label': `Copy ${link.shortUrl}`, onclick: () => copy(link.shortUrl) }, 'Copy'),
    make('span', { class: 'target', title: link.url }, link.url)));
}

function count(link) {
  return [make('b', {}, String(link.clicks)), link.clicks === 1 ? ' click' : ' clicks'];
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    $('link-status').textContent = `${text} is copied.`;
  } catch {
    $('link-error').textContent = 'The browser does not let this page copy.';
  }
}

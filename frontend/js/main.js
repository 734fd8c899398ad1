// The page: signed in with an API key or a session, or asking for one.

import { call, keep, key } from './api.js';
import { $, onSubmit } from './dom.js';
import { listImages, startImages } from './images.js';
import { startLinks, watchLinks } from './links.js';
import { listReports, startReports } from './reports.js';

startLinks();
startImages();
startReports();

onSubmit($('key-form'), $('key-error'), async () => {
  keep($('key').value.trim());
  await enter();
});

$('person').addEventListener('click', () => location.assign('/api/session/new?to=/app/'));

$('sign-out').addEventListener('click', async () => {
  const { signOut } = key() ? {} : await call('DELETE', '/api/session').catch(() => ({}));
  keep('');
  localStorage.removeItem('minim.links');
  if (signOut) location.assign(signOut); // the issuer's session ends there, and leads back
  else location.reload();
});

// A link of the form /#key=mk_… signs in, also where the page is open already; a fragment never reaches a server. It is taken out
// of the address at once. The link may be from somebody who wants to see what is made with their key: it takes the place of another
// key only when asked to.
addEventListener('hashchange', () => { if (take()) location.reload(); });
take();
if (key()) {
  enter().catch((failure) => {
    ask();
    $('key-error').textContent = failure.message;
  });
} else {
  call('GET', '/api/session').then(enter).catch(({ status }) => {
    $('person').hidden = status !== 401 && status !== 403; // 404: the stage has no users
    ask();
  });
}

function take() {
  const given = new URLSearchParams(location.hash.slice(1)).get('key');
  if (!given) return false;
  history.replaceState(null, '', location.pathname);
  if (key() && key() !== given && !confirm('This link signs in with another API key than yours. Use it from now on?')) return false;
  keep(given);
  return true;
}

function ask() {
  $('sign-in').hidden = false;
  $('signed-in').hidden = true;
}

async function enter() {
  try {
    await call('GET', '/api/images?limit=1'); // fails if the key is invalid
  } catch (failure) {
    if (failure.status === 401 || failure.status === 403) keep('');
    throw failure;
  }
  $('sign-in').hidden = true;
  $('signed-in').hidden = false;
  $('person').hidden = true;
  $('sign-out').textContent = key() ? 'Forget my key' : 'Sign out';
  $('sign-out').hidden = false;
  watchLinks();
  await Promise.allSettled([
    listImages().catch((failure) => { $('image-error').textContent = failure.message; }),
    listReports().catch((failure) => { $('report-error').textContent = failure.message; }),
  ]);
}

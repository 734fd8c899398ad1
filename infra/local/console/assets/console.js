// Optional: refreshes the pages and adds keyboard shortcuts.

const live = document.getElementById('live');
const address = new URL(location.href);
if (address.searchParams.has('note')) { // show the note once, not after a reload
  address.searchParams.delete('note');
  history.replaceState(null, '', address);
}

/** Changes an element to equal another one. Equal parts, and the focus, remain. */
function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh.cloneNode(true));
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  while (old.childNodes.length > fresh.childNodes.length) old.lastChild.remove();
  [...fresh.childNodes].forEach((child, i) => {
    if (old.childNodes[i]) morph(old.childNodes[i], child);
    else old.append(child.cloneNode(true));
  });
}

let tag = '';
async function refresh() {
  if (document.hidden || live.getAttribute('aria-pressed') !== 'true' || !getSelection().isCollapsed) return;
  const answer = await fetch(address, { headers: { Accept: 'text/html', ...(tag && { 'If-None-Match': tag }) }, cache: 'no-store' });
  if (!answer.ok) return; // unchanged, or a part does not answer: leave the page as it is
  tag = answer.headers.get('ETag');
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(part.id);
    if (fresh) morph(part, fresh);
  }
}

const pause = 800;
async function watch() {
  await refresh().catch(() => {}); // the local cloud is stopped or restarting
  setTimeout(watch, pause);
}

if (document.querySelector('[data-live]')) {
  live.hidden = false;
  live.setAttribute('aria-pressed', sessionStorage.getItem('live') !== 'off');
  live.addEventListener('click', () => {
    const on = live.getAttribute('aria-pressed') !== 'true';
    live.setAttribute('aria-pressed', on);
    sessionStorage.setItem('live', on ? 'on' : 'off');
  });
  setTimeout(watch, pause);
}

// Shortcuts: / focuses the search, Ctrl-Enter in a text submits its form.
document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById('search').select();
    document.getElementById('search').focus();
  }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches('textarea')) event.target.form.requestSubmit();
});

document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

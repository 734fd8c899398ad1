// What the pages can do without, and are nicer with: they keep themselves up to date.

const live = document.getElementById('live');
const address = new URL(location.href);
if (address.searchParams.has('note')) { // told once; a reload tells it no more
  address.searchParams.delete('note');
  history.replaceState(null, '', address);
}

/** Makes one element like another and keeps what is the same, the focus among it. */
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
  if (!answer.ok) return; // 304, or a part is away: what is there stays
  tag = answer.headers.get('ETag');
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(part.id);
    if (fresh) morph(part, fresh);
  }
}

const pause = 800;
async function watch() {
  await refresh().catch(() => {}); // the local cloud is gone, or about to come back
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

// Keys: / goes to the search, Ctrl-Enter sends a form from its text.
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

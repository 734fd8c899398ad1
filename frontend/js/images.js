// The gallery: uploads images with progress, and shows each as far as it has come.

import { call, look, send } from './api.js';
import { $, make, onSubmit } from './dom.js';
import { openImage, startImage } from './image.js';
import { draw } from './thumbhash.js';

const QUICK = 500; // milliseconds between two looks at images in work
const CALM = 5000; // between two looks when nothing is in work
const PAGE = 24; // images
const LARGEST = 25 << 20; // bytes
const TYPES = { jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif' };

const pages = []; // what the list has answered: {tag, data}, page by page
let timer;

/** Starts the section; call it once. */
export function startImages() {
  onSubmit($('image-form'), $('image-error'), upload);
  const drop = $('drop');
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add('over'); });
  }
  for (const name of ['dragleave', 'drop']) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.remove('over'); });
  }
  drop.addEventListener('drop', (event) => { $('file').files = event.dataTransfer.files; });
  $('more-images').addEventListener('click', () => {
    pages.push(undefined);
    refresh().catch(tell);
  });
  document.addEventListener('visibilitychange', () => { if (!document.hidden && pages.length) refresh().catch(tell); });
  startImage(() => refresh().catch(tell));
}

/** Shows the newest images, and keeps them fresh from now on. */
export async function listImages() {
  pages.length = 0;
  pages.push(undefined);
  await refresh();
}

const tell = (failure) => { $('image-error').textContent = failure.message; };

/** Looks at all pages that are shown: a page that has not changed costs an empty answer. */
async function refresh() {
  clearTimeout(timer);
  try {
    let cursor = '';
    for (let n = 0; n < pages.length; n++) {
      const path = `/api/images?limit=${PAGE}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      pages[n] = await look(path, pages[n]?.path === path ? pages[n] : undefined);
      pages[n].path = path;
      cursor = pages[n].data.next;
      if (!cursor) pages.length = n + 1;
    }
    show(pages.flatMap((page) => page.data.items), cursor);
  } finally {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(() => refresh().catch(() => {}), pages.some(inWork) ? QUICK : CALM);
  }
}

const inWork = (page) => page?.data.items.some((image) => busy(image) || image.renewing);
const busy = (image) => image.status === 'pending' || image.status === 'processing';

/** Brings the list to these images, leaving alone what shows the same already. */
function show(images, more) {
  const known = new Map(Array.from($('images').children, (item) => [item.id, item]));
  const items = images.map((image) => {
    const item = known.get(`image-${image.id}`);
    const state = JSON.stringify(image);
    return item?.dataset.state === state ? item : card(image, state);
  });
  items.forEach((item, n) => {
    if ($('images').children[n] !== item) $('images').insertBefore(item, $('images').children[n] ?? null);
  });
  while ($('images').children.length > items.length) $('images').lastChild.remove();
  $('no-images').hidden = items.length > 0;
  $('more-images').hidden = !more;
}

function card(image, state) {
  const item = make('li', { id: `image-${image.id}`, 'data-status': image.status, 'data-state': state });
  if (image.status === 'ready') {
    const open = make('button', { type: 'button', class: 'open', 'aria-label': `Open ${name(image)}`, onclick: () => openImage(image) }, thumb(image));
    item.append(open, make('p', { class: 'name' }, image.alt || image.filename), make('p', { class: 'muted' }, facts(image)));
  } else if (busy(image)) {
    const words = image.status === 'pending' ? 'Waiting for its file' : 'Making the sizes';
    item.append(make('div', { class: 'frame busy' }), make('p', { class: 'name' }, image.alt || image.filename), make('p', { class: 'muted' }, words));
  } else {
    item.append(make('div', { class: 'frame failed', 'aria-hidden': true }, '!'), make('h3', {}, 'Not processed'),
      make('p', { class: 'error' }, image.error?.message ?? 'Something went wrong.'),
      make('button', { type: 'button', class: 'quiet', 'aria-label': `Remove ${name(image)}`, onclick: () => remove(image) }, 'Remove'));
  }
  return item;
}

/** The thumbnail, over its ThumbHash until it is there. */
function thumb(image) {
  const square = image.variants.find((v) => v.name === 'square') ?? image.variants[0];
  const frame = make('span', { class: 'frame' });
  frame.style.backgroundColor = image.color;
  if (image.thumbHash) frame.append(draw(image.thumbHash, image.width / image.height));
  const img = make('img', { src: square.url, alt: image.alt, width: square.width, height: square.height, loading: 'lazy' });
  img.addEventListener('load', () => img.classList.add('there'), { once: true });
  frame.append(img);
  if (image.renewing) frame.append(make('span', { class: 'note' }, 'New crops are being made'));
  return frame;
}

async function remove(image) {
  try {
    await call('DELETE', `/api/images/${image.id}`);
    await refresh();
  } catch (failure) {
    tell(failure);
  }
}

const name = (image) => image.alt || image.filename;
const facts = (image) => `${image.width} × ${image.height}, ${kilobytes(image.bytes)}`;
const kilobytes = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

async function upload() {
  const files = Array.from($('file').files);
  if (!files.length) throw new Error('Please choose an image.');
  $('image-status').textContent = '';
  $('upload').hidden = false;
  const failures = [];
  try {
    for (const [n, file] of files.entries()) {
      await uploadOne(file, files.length > 1 ? ` ${n + 1} of ${files.length}` : '').catch((failure) => failures.push(`${file.name}: ${failure.message}`));
    }
  } finally {
    $('upload').hidden = true;
    await refresh();
  }
  if (files.length > 1) $('image-status').textContent = `${files.length - failures.length} of ${files.length} images are ready.`;
  if (failures.length < files.length) $('image-form').reset();
  if (failures.length) throw new Error(failures.join(' '));
}

async function uploadOne(file, which) {
  const type = file.type || TYPES[file.name.split('.').pop().toLowerCase()];
  // The bytes decide in the end; a film need not be read for that.
  if (!Object.values(TYPES).includes(type)) throw new Error('It is not a JPEG, PNG, WebP or GIF.');
  if (file.size > LARGEST) throw new Error('It is larger than 25 MB.');
  say(`Uploading${which}`, 0);
  const image = await call('POST', '/api/images', {
    filename: file.name,
    contentType: type,
    bytes: file.size,
    sha256: await digest(file),
    alt: $('alt').value.trim() || undefined,
  });
  await send(image.upload, file, (share) => say(`Uploading${which}`, share));
  say(`Making the sizes${which}`);
  refresh().catch(tell);
  const done = await follow(image.id);
  if (done.status === 'failed') throw new Error(done.error?.message ?? 'The image could not be processed.');
  $('image-status').textContent = `${file.name} is ready in ${done.variants.length} sizes.`;
}

/** Tells what is being done; without a share the bar shows that it goes on. */
function say(label, share) {
  $('image-status').textContent = '';
  $('upload-label').textContent = label;
  if (share === undefined) $('progress').removeAttribute('value');
  else $('progress').value = share;
}

async function digest(file) {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function follow(id) {
  for (let seen; ;) {
    seen = await look(`/api/images/${id}`, seen);
    if (!busy(seen.data)) return seen.data;
    await new Promise((resolve) => setTimeout(resolve, QUICK));
  }
}

// Uploads a picture with progress, waits until it is processed, shows its variants.

import { call, send } from './api.js';
import { $, make, onSubmit } from './dom.js';

const POLL = 700; // milliseconds between two looks at a picture in work
const TYPES = { jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif' };

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
}

/** Shows the newest pictures and follows those still in work. */
export async function listImages() {
  const page = await call('GET', '/api/images?limit=10');
  for (const image of [...page.items].reverse()) {
    show(image);
    if (busy(image)) follow(image.id).catch((failure) => { $('image-error').textContent = failure.message; });
  }
}

async function upload() {
  const file = $('file').files[0];
  if (!file) throw new Error('Please choose a picture.');
  $('upload').hidden = false;
  say('Uploading', 0);
  try {
    const image = await call('POST', '/api/images', {
      filename: file.name,
      contentType: file.type || TYPES[file.name.split('.').pop().toLowerCase()] || 'application/octet-stream',
      bytes: file.size,
      sha256: await digest(file),
      alt: $('alt').value.trim() || undefined,
    });
    await send(image.upload, file, (share) => say('Uploading', share));
    say('Making the sizes');
    const done = await follow(image.id);
    if (done.status === 'failed') throw new Error(done.error?.message ?? 'The picture could not be processed.');
    $('image-status').textContent = `${file.name} is ready in ${done.variants.length} sizes.`;
    $('image-form').reset();
  } finally {
    $('upload').hidden = true;
  }
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
  for (;;) {
    const image = await call('GET', `/api/images/${id}`);
    show(image);
    if (!busy(image)) return image;
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}

const busy = (image) => image.status === 'pending' || image.status === 'processing';

function show(image) {
  $('no-images').hidden = true;
  const item = make('li', { id: `image-${image.id}`, 'data-status': image.status }, picture(image), make('div', {}, ...words(image)));
  const known = $(item.id);
  if (known) known.replaceWith(item);
  else $('images').prepend(item);
}

function picture(image) {
  const thumb = image.variants?.find((v) => v.width === v.height) ?? image.variants?.[0];
  if (!thumb) return make('div', { class: 'placeholder' });
  const img = make('img', { src: thumb.url, alt: image.alt ?? '', width: thumb.width, height: thumb.height, loading: 'lazy' });
  img.style.backgroundColor = image.color; // what is seen until the picture is there
  return img;
}

function words(image) {
  if (image.status === 'failed') {
    return [make('h3', {}, 'Not processed'), make('p', { class: 'error' }, image.error?.message ?? 'Something went wrong.')];
  }
  if (busy(image)) return [make('h3', {}, 'In work'), make('p', { class: 'muted' }, 'This takes a few seconds.')];
  return [
    make('h3', {}, image.alt || `${image.width} × ${image.height}`),
    make('p', { class: 'muted' }, `${image.width} × ${image.height}, ${kilobytes(image.bytes)}`),
    make('div', { class: 'variants' }, ...image.variants.map((v) =>
      make('a', { href: v.url, target: '_blank', rel: 'noopener' }, `${v.width} × ${v.height}, ${kilobytes(v.bytes)}`))),
  ];
}

const kilobytes = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

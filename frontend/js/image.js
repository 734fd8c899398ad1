// One image: its description, the focus of its crops, its sizes, and its deletion.

import { call } from './api.js';
import { $, make } from './dom.js';

const CROPS = [['crop-square', 1], ['crop-card', 1200 / 630]]; // and their proportions

let shown; // the image in the dialog
let changed; // called when it is not as it was

/** Starts the dialog; call it once. `onChange` is called after every change. */
export function startImage(onChange) {
  changed = onChange;
  $('details-close').addEventListener('click', () => $('details').close());
  $('details-form').addEventListener('submit', (event) => {
    event.preventDefault();
    act(save);
  });
  $('details-delete').addEventListener('click', () => act(remove));
  $('details-copy').addEventListener('click', () => act(copy));
  $('whole').addEventListener('click', (event) => {
    const box = $('whole').getBoundingClientRect();
    point(100 * (event.clientX - box.left) / box.width, 100 * (event.clientY - box.top) / box.height);
  });
  for (const id of ['focus-x', 'focus-y']) $(id).addEventListener('input', preview);
}

/** Opens the dialog with an image that is ready. */
export function openImage(image) {
  shown = image;
  $('details-title').textContent = image.filename;
  $('details-error').textContent = '';
  $('details-alt').value = image.alt;
  const whole = $('whole');
  const sizes = image.variants.filter((v) => v.name.startsWith('w'));
  Object.assign(whole, { alt: image.alt, width: image.width, height: image.height, sizes: '(max-width: 48rem) 90vw, 40rem', srcset: image.srcset });
  whole.style.backgroundColor = image.color;
  for (const [id] of CROPS) $(id).src = sizes.at(-1).url;
  $('details-facts').replaceChildren('Sizes: ', ...image.variants.flatMap((v, n) => [
    n ? ', ' : '', make('a', { href: v.url, target: '_blank', rel: 'noopener' }, `${v.width} × ${v.height}`),
  ]));
  point(100 * image.focus.x, 100 * image.focus.y);
  $('details').showModal();
}

function point(x, y) {
  $('focus-x').value = Math.round(x);
  $('focus-y').value = Math.round(y);
  preview();
}

const focus = () => ({ x: $('focus-x').value / 100, y: $('focus-y').value / 100 });

/** Shows the point, and what the crops will show. */
function preview() {
  const { x, y } = focus();
  const mark = $('mark');
  mark.hidden = false;
  mark.style.left = `${100 * x}%`;
  mark.style.top = `${100 * y}%`;
  for (const [id, ratio] of CROPS) {
    const wide = shown.width / shown.height;
    // The part that is seen, as shares of the whole; then where it begins, as CSS counts it.
    const [width, height] = wide > ratio ? [ratio / wide, 1] : [1, wide / ratio];
    const at = (centre, part) => (part < 1 ? 100 * Math.min(Math.max(centre - part / 2, 0), 1 - part) / (1 - part) : 50);
    $(id).style.objectPosition = `${at(x, width)}% ${at(y, height)}%`;
  }
}

async function act(action) {
  $('details-error').textContent = '';
  try {
    await action();
  } catch (failure) {
    $('details-error').textContent = failure.message;
  }
}

async function save() {
  const edit = { alt: $('details-alt').value.trim() };
  const { x, y } = focus();
  if (x !== shown.focus.x || y !== shown.focus.y) edit.focus = { x, y };
  await call('PATCH', `/api/images/${shown.id}`, edit);
  $('details').close();
  $('image-status').textContent = `${shown.filename} is saved.`;
  changed();
}

async function remove() {
  if (!(await sure())) return;
  await call('DELETE', `/api/images/${shown.id}`);
  $('details').close();
  $('image-status').textContent = `${shown.filename} is deleted.`;
  changed();
}

function sure() {
  const dialog = $('sure');
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'delete'), { once: true }));
}

async function copy() {
  const largest = shown.variants.filter((v) => v.name.startsWith('w')).reduce((a, b) => (a.width > b.width ? a : b));
  const img = make('img', {
    src: largest.url, srcset: shown.srcset, sizes: shown.sizes, width: largest.width, height: largest.height, alt: shown.alt, loading: 'lazy',
  });
  try {
    await navigator.clipboard.writeText(img.outerHTML);
  } catch {
    throw new Error('The browser does not let this page copy.');
  }
  $('details-copy').textContent = 'Copied';
  setTimeout(() => { $('details-copy').textContent = 'Copy HTML'; }, 2000);
}

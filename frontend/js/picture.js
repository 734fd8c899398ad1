// One picture, large: its description, the point that crops keep in view, its sizes, and its end.

import { call } from './api.js';
import { $, make } from './dom.js';

const CROPS = [['crop-square', 1], ['crop-card', 1200 / 630]]; // and their proportions

let shown; // the picture in the dialog
let changed; // called when it is not as it was

/** Starts the dialog; call it once. `onChange` is called after every change. */
export function startPicture(onChange) {
  changed = onChange;
  $('picture-close').addEventListener('click', () => $('picture').close());
  $('picture-form').addEventListener('submit', (event) => {
    event.preventDefault();
    act(save);
  });
  $('picture-delete').addEventListener('click', () => act(remove));
  $('picture-copy').addEventListener('click', () => act(copy));
  $('whole').addEventListener('click', (event) => {
    const box = $('whole').getBoundingClientRect();
    point(100 * (event.clientX - box.left) / box.width, 100 * (event.clientY - box.top) / box.height);
  });
  for (const id of ['focus-x', 'focus-y']) $(id).addEventListener('input', preview);
}

/** Opens the dialog with a picture that is ready. */
export function openPicture(image) {
  shown = image;
  $('picture-title').textContent = image.filename;
  $('picture-error').textContent = '';
  $('picture-alt').value = image.alt;
  const whole = $('whole');
  const sizes = image.variants.filter((v) => v.name.startsWith('w'));
  Object.assign(whole, { alt: image.alt, width: image.width, height: image.height, sizes: '(max-width: 48rem) 90vw, 40rem', srcset: image.srcset });
  whole.style.backgroundColor = image.color;
  for (const [id] of CROPS) $(id).src = sizes.at(-1).url;
  $('picture-facts').replaceChildren('Sizes: ', ...image.variants.flatMap((v, n) => [
    n ? ', ' : '', make('a', { href: v.url, target: '_blank', rel: 'noopener' }, `${v.width} × ${v.height}`),
  ]));
  point(100 * image.focus.x, 100 * image.focus.y);
  $('picture').showModal();
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
  $('picture-error').textContent = '';
  try {
    await action();
  } catch (failure) {
    $('picture-error').textContent = failure.message;
  }
}

async function save() {
  const edit = { alt: $('picture-alt').value.trim() };
  const { x, y } = focus();
  if (x !== shown.focus.x || y !== shown.focus.y) edit.focus = { x, y };
  await call('PATCH', `/api/images/${shown.id}`, edit);
  $('picture').close();
  $('image-status').textContent = `${shown.filename} is saved.`;
  changed();
}

async function remove() {
  if (!(await sure())) return;
  await call('DELETE', `/api/images/${shown.id}`);
  $('picture').close();
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
  $('picture-copy').textContent = 'Copied';
  setTimeout(() => { $('picture-copy').textContent = 'Copy HTML'; }, 2000);
}

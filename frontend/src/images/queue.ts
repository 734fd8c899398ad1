// The uploads of this tab. They continue while the person is on other pages of the site.
import { signal, type Signal } from '@preact/signals';
import { call, Failure, type Schemas } from '../lib/client';
import { IdempotencyKeys } from '../lib/idempotency';
import { stored } from '../lib/stored';
import { changed } from '../lib/tabs';
import { may } from '../session/session';
import { m } from '../text';
import { randomCode } from './code';
import { digest } from './digest';
import { inspect } from './file';
import { send } from './send';

export type Image = Schemas['Image'];

/** `refused`: the file itself is the reason, so a retry cannot succeed. */
export type Step = 'waiting' | 'preparing' | 'sending' | 'processing' | 'ready' | 'failed' | 'refused';

export interface Upload {
  readonly number: number;
  readonly file: File;
  step: Signal<Step>;
  /** The share that has been sent, from 0 to 1. */
  share: Signal<number>;
  /** The reason why it failed or was refused. */
  error: Signal<string>;
  /** The description as typed, and its error. */
  alt: Signal<string>;
  altError: Signal<string>;
  /** The image, once the API has created it. */
  id: Signal<string>;
  image: Signal<Image | undefined>;
  savedAlt: string;
  /** The announced body. Repeating it with the same key returns the same image. */
  body: Schemas['NewImage'] | undefined;
  keys: IdempotencyKeys;
  stop: AbortController;
}

const TOGETHER = 3;

/** The uploads, newest last. */
export const uploads = signal<Upload[]>([]);

/** Whether each image also gets a short link. */
export const withLink = stored('minim.image-link', ['off', 'on']);

const ACTIVE: Step[] = ['preparing', 'sending'];
const going = (): boolean => uploads.value.some(({ step }) => step.value === 'waiting' || ACTIVE.includes(step.value));
export const processing = (): boolean => uploads.value.some(({ step }) => step.value === 'processing');

let number = 0;

/** Starts the upload of files. */
export function add(files: File[]): void {
  uploads.value = [...uploads.value, ...files.map((file): Upload => ({
    number: number++, file, step: signal<Step>('waiting'), share: signal(0), error: signal(''), alt: signal(''), altError: signal(''), id: signal(''),
    image: signal<Image | undefined>(undefined), savedAlt: '', body: undefined, keys: new IdempotencyKeys(), stop: new AbortController(),
  }))];
  next();
}

/** Starts waiting uploads, up to the limit. */
function next(): void {
  const active = uploads.value.filter(({ step }) => ACTIVE.includes(step.value)).length;
  const waiting = uploads.value.filter(({ step }) => step.value === 'waiting');
  for (const upload of waiting.slice(0, Math.max(0, TOGETHER - active))) void run(upload);
}

async function run(upload: Upload): Promise<void> {
  upload.step.value = 'preparing';
  try {
    if (await announce(upload)) upload.step.value = may('images:read') ? 'processing' : 'ready'; // without the scope, the result is not visible
    changed('images');
  } catch (error) {
    if (!upload.stop.signal.aborted) fail(upload, 'failed', error instanceof Failure ? error.message : m.images.unreadable);
  }
  next();
}

/** Announces the file to the API and sends it. Returns whether it was sent. */
async function announce(upload: Upload): Promise<boolean> {
  const { file, stop } = upload;
  const found = await inspect(file);
  if ('refusal' in found) return fail(upload, 'refused', found.refusal);
  upload.body ??= { filename: file.name, contentType: found.type, bytes: file.size, sha256: await digest(file), alt: upload.alt.value.trim() };
  if (withLink.value === 'on' && may('links:write') && !upload.id.value) upload.body.code ??= randomCode();
  const permission = await permit(upload, upload.body);
  upload.id.value = permission.id;
  if (stop.signal.aborted) { // it was cancelled meanwhile
    void remove(permission.id);
    return false;
  }
  upload.savedAlt = upload.body.alt ?? '';
  upload.share.value = 0;
  upload.step.value = 'sending';
  void describe(upload);
  await send(permission.upload, file, stop.signal, (share) => { upload.share.value = share; });
  return true;
}

/** Requests a signed upload, and retries if the API is throttling. */
async function permit(upload: Upload, body: Schemas['NewImage']): Promise<Schemas['Upload']> {
  for (let tries = 1; ; tries++) {
    try {
      return (await call('post', '/api/images', { body, headers: { 'Idempotency-Key': upload.keys.for(body) } })).data!;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.status === 409 && body.code) body.code = randomCode();
      else if (error.status !== 429 || tries > 5) throw error;
      else await new Promise((resolve) => setTimeout(resolve, (error.retryAfter || tries) * 1000));
    }
  }
}

function fail(upload: Upload, step: 'failed' | 'refused', reason: string): false {
  upload.error.value = reason;
  upload.step.value = step;
  return false;
}

/** Retries an upload: the same image gets a new signed upload. */
export function retry(upload: Upload): void {
  upload.error.value = '';
  upload.stop = new AbortController();
  upload.step.value = 'waiting';
  next();
}

/** Removes an upload from the list, and deletes its image unless it is ready. */
export function cancel(upload: Upload): void {
  upload.stop.abort();
  uploads.value = uploads.value.filter((one) => one !== upload);
  if (upload.id.value && upload.step.value !== 'ready') void remove(upload.id.value);
  next();
}

/** Removes finished uploads from the list. */
export function clear(): void {
  uploads.value = uploads.value.filter((one) => one.step.value !== 'ready');
}

async function remove(id: string): Promise<void> {
  await call('delete', '/api/images/{id}', { path: { id } }).catch(() => {}); // then it expires
  changed('images');
}

/** Saves the description if it has changed. */
export async function describe(upload: Upload): Promise<void> {
  const alt = upload.alt.value.trim();
  if (!upload.id.value || alt === upload.savedAlt) return;
  upload.altError.value = '';
  for (let tries = 1; ; tries++) {
    try {
      await call('patch', '/api/images/{id}', { path: { id: upload.id.value }, body: { alt } });
      upload.savedAlt = alt;
      changed('images');
      return;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.status === 409 && tries < 5) await new Promise((resolve) => setTimeout(resolve, 300 * tries)); // its variants are being recorded
      else return void (upload.altError.value = error.fields['alt'] ?? error.message);
    }
  }
}

/** Updates the uploads from a list of images. */
export async function follow(images: Image[]): Promise<void> {
  let asked = false;
  for (const upload of uploads.value.filter(({ step }) => step.value === 'processing')) {
    let image = images.find(({ id }) => id === upload.id.value);
    if (!image && !asked) { // after many later uploads it is on another page of the list
      asked = true;
      image = await read(upload);
    }
    if (image?.status === 'failed') fail(upload, image.error?.code === 'unprocessed' ? 'failed' : 'refused', image.error?.message ?? m.images.unreadable);
    if (image?.status !== 'ready') continue;
    upload.image.value = image;
    upload.step.value = 'ready';
  }
}

async function read(upload: Upload): Promise<Image | undefined> {
  try {
    return (await call('get', '/api/images/{id}', { path: { id: upload.id.value } })).data;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.status === 404) { // deleted elsewhere: a retry creates another image
      upload.keys.complete();
      fail(upload, 'failed', m.images.gone);
    }
    return undefined;
  }
}

addEventListener('beforeunload', (event) => { if (going()) event.preventDefault(); });

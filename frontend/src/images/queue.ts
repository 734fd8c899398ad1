// The uploads of this tab. They go on while the person is on other pages of the site.
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

/** `refused`: the file itself is the reason, so that trying again changes nothing. */
export type Step = 'waiting' | 'preparing' | 'sending' | 'processing' | 'ready' | 'failed' | 'refused';

export interface Upload {
  readonly number: number;
  readonly file: File;
  step: Signal<Step>;
  /** What is sent, from 0 to 1. */
  share: Signal<number>;
  /** Why it failed or was refused. */
  error: Signal<string>;
  /** The description as it is typed, and what is wrong with it. */
  alt: Signal<string>;
  altError: Signal<string>;
  /** The image, once the API knows it. */
  id: Signal<string>;
  image: Signal<Image | undefined>;
  savedAlt: string;
  /** What has been announced: the same again is the same image. */
  body: Schemas['NewImage'] | undefined;
  keys: IdempotencyKeys;
  stop: AbortController;
}

const TOGETHER = 3;

/** The uploads, the newest last. */
export const uploads = signal<Upload[]>([]);

/** Whether each image gets a short link as well. */
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

/** Starts what waits, as far as there is room. */
function next(): void {
  const active = uploads.value.filter(({ step }) => ACTIVE.includes(step.value)).length;
  const waiting = uploads.value.filter(({ step }) => step.value === 'waiting');
  for (const upload of waiting.slice(0, Math.max(0, TOGETHER - active))) void run(upload);
}

async function run(upload: Upload): Promise<void> {
  upload.step.value = 'preparing';
  try {
    if (await announce(upload)) upload.step.value = may('images:read') ? 'processing' : 'ready'; // what becomes of it is not to be seen
    changed('images');
  } catch (error) {
    if (!upload.stop.signal.aborted) fail(upload, 'failed', error instanceof Failure ? error.message : m.images.unreadable);
  }
  next();
}

/** Announces the file, and sends it. Returns whether it has been sent. */
async function announce(upload: Upload): Promise<boolean> {
  const { file, stop } = upload;
  const found = await inspect(file);
  if ('refusal' in found) return fail(upload, 'refused', found.refusal);
  upload.body ??= { filename: file.name, contentType: found.type, bytes: file.size, sha256: await digest(file), alt: upload.alt.value.trim() };
  if (withLink.value === 'on' && may('links:write') && !upload.id.value) upload.body.code ??= randomCode();
  const permission = await permit(upload, upload.body);
  upload.id.value = permission.id;
  if (stop.signal.aborted) { // cancelled in the meantime
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

/** Asks for the permission to send a file, again if there have been too many requests. */
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

/** Tries an upload again: the image stays the same, and gets a new permission. */
export function retry(upload: Upload): void {
  upload.error.value = '';
  upload.stop = new AbortController();
  upload.step.value = 'waiting';
  next();
}

/** Takes an upload off the list. What has been announced of it is deleted, unless it is ready. */
export function cancel(upload: Upload): void {
  upload.stop.abort();
  uploads.value = uploads.value.filter((one) => one !== upload);
  if (upload.id.value && upload.step.value !== 'ready') void remove(upload.id.value);
  next();
}

/** Takes what is ready off the list. */
export function clear(): void {
  uploads.value = uploads.value.filter((one) => one.step.value !== 'ready');
}

async function remove(id: string): Promise<void> {
  await call('delete', '/api/images/{id}', { path: { id } }).catch(() => {}); // it then expires
  changed('images');
}

/** Saves the description that has been typed, if it is another than the saved one. */
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

/** Takes from the list of images what has become of the uploads. */
export async function follow(images: Image[]): Promise<void> {
  let asked = false;
  for (const upload of uploads.value.filter(({ step }) => step.value === 'processing')) {
    let image = images.find(({ id }) => id === upload.id.value);
    if (!image && !asked) { // many have been uploaded since: it is on another page of the list
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
    if (error.status === 404) { // deleted elsewhere: trying again makes another image
      upload.keys.complete();
      fail(upload, 'failed', m.images.gone);
    }
    return undefined;
  }
}

addEventListener('beforeunload', (event) => { if (going()) event.preventDefault(); });

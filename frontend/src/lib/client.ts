// The HTTP API, typed by docs/openapi.yaml (api.d.ts is generated from it).
import { signal } from '@preact/signals';
import { t } from '../text';
import type { components, paths } from './api';
import { read, write } from './stored';

export type Schemas = components['schemas'];

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Methods<P extends keyof paths> = { [M in Method]: paths[P][M] extends { responses: unknown } ? M : never }[Method];
type Given<O, In extends string> = O extends { parameters: { [K in In]?: infer T } } ? T : never;
type Sent<O> = O extends { requestBody?: { content: { 'application/json': infer T } } } ? T : never;
type Received<O> = O extends { responses: infer R } ? { [S in keyof R]: S extends 200 | 201 | 202 ? (R[S] extends { content: { 'application/json': infer T } } ? T : never) : never }[keyof R] : never;

interface Options<O> {
  path?: Given<O, 'path'>;
  query?: Given<O, 'query'>;
  body?: Sent<O>;
  headers?: Record<string, string | undefined>;
  /** The entity tag of an earlier answer: if nothing has changed since, the answer has no data. */
  etag?: string | undefined;
}

/** Options of any operation. */
interface Loose {
  path?: unknown;
  query?: unknown;
  body?: unknown;
  headers?: Record<string, string | undefined>;
  etag?: string | undefined;
}

/** A successful answer. It has no data if nothing has changed or the operation returns none. */
export interface Answer<T> {
  data: T | undefined;
  etag: string;
}

/** Any unsuccessful answer. The message is a sentence for the person. */
export class Failure extends Error {
  constructor(
    readonly status: number, // 0: no answer
    message: string,
    readonly fields: Record<string, string> = {},
    readonly request = '',
    readonly retryAfter = 0, // seconds
    readonly unauthorized = false, // the key or the session is not accepted
  ) {
    super(message);
  }
}

/** Counts the requests whose key or session was not accepted. */
export const unauthorized = signal(0);

const KEY = 'minim.key';
const TIMEOUT = 15_000;

/** The API key that this browser stores, or "". */
export const apiKey = (): string => read(KEY);
export const keepKey = (key: string): void => write(KEY, key);

const SPACE = 'minim.space';

let current = read(SPACE); // of this window, even if another one switches

/** The ID of the space that a person works in; "" is the personal one. */
export const space = (): string => current.slice(0, 19);
export const spaceName = (): string => current.slice(20);

/** Switches to a space. New windows begin with it. */
export function keepSpace(id: string, name = ''): void {
  current = id && `${id} ${name}`;
  write(SPACE, current);
}

/** Calls an operation of the API with the key or, without one, with the session's cookie. */
export async function call<P extends keyof paths, M extends Methods<P>>(method: M, path: P, options: Options<paths[P][M]> = {}): Promise<Answer<Received<paths[P][M]>>> {
  const response = await request(method, path, options);
  const data = response.status === 304 || response.status === 204 ? undefined : await response.json();
  return { data, etag: response.headers.get('ETag') ?? '' };
}

/** Downloads the answer of an operation in a format other than JSON. */
export async function download<P extends keyof paths>(path: P, accept: string, options: Options<paths[P]['get']> = {}): Promise<Blob> {
  const response = await request('get', path, { ...options, headers: { Accept: accept } });
  return response.blob();
}

async function request(method: string, path: string, options: Loose): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json' });
  const caller = apiKey() ? { Authorization: `Bearer ${apiKey()}` } : { 'Minim-Space': space() };
  const set = { ...options.headers, ...caller, ...(options.etag && { 'If-None-Match': options.etag }) };
  for (const [name, value] of Object.entries(set)) if (value) headers.set(name, value);
  const body = options.body === undefined ? null : JSON.stringify(options.body);
  if (body) headers.set('Content-Type', 'application/json');
  let response;
  try { // no-store: this code compares the tags and must see a 304; keepalive: a deletion is sent even if the page is left
    response = await fetch(locate(path, options), { method: method.toUpperCase(), headers, body, cache: 'no-store', keepalive: method === 'delete', signal: AbortSignal.timeout(TIMEOUT) });
  } catch (error) {
    throw new Failure(0, error instanceof DOMException && error.name === 'TimeoutError' ? t.errors.timeout : t.errors.unreachable);
  }
  if (!response.ok && response.status !== 304) throw await failure(response);
  return response;
}

function locate(path: string, options: Loose): string {
  const values = (options.path ?? {}) as Record<string, string>;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value)); // lists are joined by commas
  }
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? ''));
  return filled + (query.size ? `?${query}` : '');
}

async function failure(response: Response): Promise<Failure> {
  const problem: Partial<Schemas['Problem']> = await response.json().catch(() => ({}));
  // If the authorizer rejects the key, API Gateway itself answers 403, without a problem document.
  const refused = response.status === 401 || (response.status === 403 && problem.detail === undefined);
  if (refused) unauthorized.value++;
  const fields = Object.fromEntries((problem.errors ?? []).map((one) => [one.field, one.message]));
  return new Failure(response.status, sentence(response.status, refused, problem), fields, problem.instance ?? response.headers.get('Apigw-Requestid') ?? '', Number(response.headers.get('Retry-After')) || 0, refused);
}

function sentence(status: number, refused: boolean, problem: Partial<Schemas['Problem']>): string {
  if (refused) return apiKey() ? t.errors.key : t.errors.session;
  if (status === 429) return t.errors.busy;
  if (status >= 500) return t.errors.server;
  return problem.detail ?? t.errors.status(status);
}

// The HTTP API, as the page needs it: one function a call, errors as sentences.

const KEY = 'minim.key';

/** @returns {string} the API key kept in this browser, or "". */
export const key = () => localStorage.getItem(KEY) ?? '';

/** Stores a key in this browser; "" deletes it. */
export function keep(value) {
  if (value) localStorage.setItem(KEY, value);
  else localStorage.removeItem(KEY);
}

/** An answer that is not a success. `message` is a sentence for a person. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Calls the API with the key, else with the cookie of a session, and returns the decoded JSON.
 * @throws {Refusal} with the problem's detail, or a sentence about the connection (status 0).
 */
export async function call(method, path, body) {
  return (await exchange(method, path, body, {})).data;
}

/**
 * Reads what may have changed since an earlier answer.
 * @param {{tag: string, data: object}|undefined} seen that answer
 * @returns {Promise<{tag: string, data: object}>} `seen` itself when nothing has changed.
 */
export async function look(path, seen) {
  const answer = await exchange('GET', path, undefined, seen?.tag ? { 'If-None-Match': seen.tag } : {});
  return answer.status === 304 ? seen : answer;
}

async function exchange(method, path, body, more) {
  const headers = { Accept: 'application/json', ...(key() && { Authorization: `Bearer ${key()}` }), ...more };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method === 'POST' && path === '/api/links') headers['Idempotency-Key'] = crypto.randomUUID();
  let response;
  try {
    // no-store: we compare tags ourselves, and want to see the 304.
    response = await fetch(path, { method, headers, cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refusal(0, 'The server cannot be reached. Is it running?');
  }
  const text = await response.text();
  const data = text ? parse(text) : null;
  if (!response.ok && response.status !== 304) throw new Refusal(response.status, sentence(response.status, data));
  return { status: response.status, tag: response.headers.get('ETag'), data };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// Fields of requests, as the page calls them.
const LABELS = { url: 'Long URL', code: 'Alias', expiresAt: 'Expires', alt: 'Description', filename: 'File name', bytes: 'Size' };

function sentence(status, problem) {
  if (problem?.errors?.length) return problem.errors.map((e) => `${LABELS[e.field] ?? e.field}: ${e.message}`).join(' ');
  if (problem?.detail) return problem.detail;
  if (status === 401 || status === 403) return key() ? 'This API key is not accepted.' : 'Please sign in.';
  if (status === 429) return 'Too many requests. Please wait a moment.';
  return `The server answered ${status}. Please try again.`;
}

/**
 * Uploads a file to the address from the API, reporting progress from 0 to 1.
 * @param {{method: string, url: string, headers: Record<string, string>}} upload
 * @param {Blob} file
 * @param {(share: number) => void} onProgress
 */
export function send(upload, file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot tell upload progress
    request.open(upload.method, upload.url);
    for (const [name, value] of Object.entries(upload.headers)) {
      if (name.toLowerCase() !== 'content-length' && name.toLowerCase() !== 'host') request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => (request.status < 300 ? resolve() : reject(new Refusal(request.status, `The upload was refused (${request.status}).`)));
    request.onerror = () => reject(new Refusal(0, 'The upload was interrupted. Please try again.'));
    request.send(file);
  });
}

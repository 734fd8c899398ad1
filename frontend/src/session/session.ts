// The signed-in caller: by an API key that this browser stores, or by a session's cookie.
import { computed, signal } from '@preact/signals';
import { apiKey, call, Failure, keepKey, keepSpace, space, unauthorized, type Schemas } from '../lib/client';
import { changed, onChange } from '../lib/tabs';

/** `expired`: the key or the session is no longer accepted. */
type Phase = 'starting' | 'out' | 'in' | 'expired';

export const phase = signal<Phase>('starting');

/** The signed-in caller, if the stage reports it. */
export const me = signal<Schemas['Session'] | undefined>(undefined);

/** Whether people can sign in to the stage without a key. */
export const people = signal(false);

/** The reason why the caller is not known yet. */
export const trouble = signal<Failure | undefined>(undefined);

const scopes = computed(() => (me.value ? new Set(me.value.scopes) : undefined));

/** Whether the caller has a scope. A stage without users does not report a key's scopes: then all scopes except admin are assumed, and the API refuses. */
export const may = (scope: string): boolean => (scopes.value ? scopes.value.has(scope) || scopes.value.has('admin') : scope !== 'admin');

const LONGEST = 60_000;

/** Requests the signed-in caller, and retries while the server cannot be reached. */
export async function start(): Promise<void> {
  if (apiKey()) phase.value = 'in'; // the pages notice if it is not accepted
  for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST)) {
    try {
      return await identify();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      trouble.value = error;
      await new Promise((resolve) => setTimeout(resolve, Math.max(wait, error.retryAfter * 1000)));
    }
  }
}

/** Requests the signed-in caller once. Throws if the server cannot be reached. */
async function identify(): Promise<void> {
  try {
    const { data } = await call('get', '/api/session');
    me.value = data;
    people.value = true;
    phase.value = 'in';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.status === 404 && space() && !apiKey()) { // the person is not a member anymore
      keepSpace('');
      return identify();
    }
    if (error.unauthorized) people.value = true;
    else if (error.status !== 404) throw error; // 404: the stage has no users
    if (error.unauthorized || !apiKey()) phase.value = phase.value === 'expired' ? 'expired' : 'out';
    else phase.value = 'in';
  }
  trouble.value = undefined;
}

/** Signs in with a key if it is accepted. Otherwise the previous key is kept. */
export async function useKey(key: string): Promise<void> {
  const before = apiKey();
  const known = me.value?.owner;
  keepKey(key);
  try {
    await check();
  } catch (error) {
    keepKey(before);
    throw error;
  }
  phase.value = 'in';
  changed('session');
  if (known && known !== me.value?.owner) location.reload(); // the page shows another owner's data
}

/** Fails if the key is not accepted. A key may lack any scope, so a 403 with a reason means that it is accepted. */
async function check(): Promise<void> {
  try {
    me.value = (await call('get', '/api/session')).data;
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== 404) throw error;
    me.value = undefined;
    await call('get', '/api/links', { query: { limit: 1 } }).catch((failure) => {
      if (failure.unauthorized || failure.status !== 403) throw failure;
    });
  }
}

/** Signs out here and at the issuer, which redirects back. */
export async function signOut(everywhere = false): Promise<void> {
  let next = '/';
  if (apiKey()) keepKey('');
  else next = (await call('delete', '/api/session', { query: { all: everywhere } })).data?.signOut ?? '/';
  keepSpace('');
  changed('session');
  location.assign(next);
}

unauthorized.subscribe((count) => {
  if (count && phase.peek() === 'in') phase.value = 'expired';
});

/** Requests the signed-in caller again. If the server cannot be reached, nothing changes. */
export const refresh = (): Promise<void> => identify().catch(() => {});

onChange('session', refresh); // somebody has signed in or out in another tab

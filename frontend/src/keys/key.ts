import { apiKey, type Schemas } from '../lib/client';
import { changed } from '../lib/tabs';

/** An API key in the list. */
export type Key = Schemas['Key'];

/** An API key with its token, which is shown once. */
export type Issued = Schemas['KeyToken'];

export type Scope = Schemas['KeyScope'];

/** A key's name in messages. Keys from before keys had names have only an ID. */
export const nameOf = ({ name, id }: Key): string => name || id;

/** Whether this browser is signed in with the key. */
export const isOwn = ({ id }: Key): boolean => apiKey().split('_')[1] === id;

const LAG = 1500; // milliseconds until the server's list has a change

/** Has the lists of all tabs read again, once the server's list has the change. */
export function announce(): void {
  setTimeout(() => changed('keys'), LAG);
}

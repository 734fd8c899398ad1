import { randomName } from './random';

/**
 * Idempotency keys of a form: the same content is sent with the same key however often it is tried, so that a lost answer
 * makes nothing twice. `complete` ends it: the same content may then be sent as something new.
 */
export class IdempotencyKeys {
  #content = '';
  #key = '';

  for(content: unknown): string {
    const text = JSON.stringify(content);
    if (text !== this.#content || !this.#key) {
      this.#content = text;
      this.#key = randomName();
    }
    return this.#key;
  }

  complete(): void {
    this.#key = '';
  }
}

import { randomName } from './random';

/**
 * Idempotency keys of a form: retries of the same content use the same key, so that after a lost answer nothing is created
 * twice. After `complete`, the same content gets a new key.
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

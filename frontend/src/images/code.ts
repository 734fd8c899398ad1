const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'; // none that look alike

/** A code for a short link that nobody has chosen. */
export function randomCode(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => LETTERS[byte % LETTERS.length]).join('');
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'; // without letters that look alike

/** A random code for a short link. */
export function randomCode(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => LETTERS[byte % LETTERS.length]).join('');
}

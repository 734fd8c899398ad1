/** A random name of 128 bits. Browsers have no crypto.randomUUID on plain HTTP, except on localhost. */
export function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

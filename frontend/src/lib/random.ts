/** A random name of 128 bits. crypto.randomUUID does not exist on plain http under other names than localhost. */
export function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The SHA-256 of a file in hexadecimal digits. */
export async function digest(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  const hash = await sha256(bytes);
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Browsers have no crypto.subtle on plain HTTP, except on localhost. */
async function sha256(bytes: ArrayBuffer): Promise<Uint8Array> {
  if (globalThis.crypto.subtle) return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const { sha256: own } = await import('@noble/hashes/sha2.js');
  return own(new Uint8Array(bytes));
}

export type Availability = 'free' | 'taken' | 'invalid' | 'unknown';

/**
 * Checks whether an alias is free. It requests the preview page, which counts no click; a stage with a fallback address
 * redirects if there is no link.
 */
export async function availability(code: string): Promise<Availability> {
  if (!/^[\w-]{1,64}$/.test(code)) return 'invalid';
  try {
    const { status, type } = await fetch(`/${code}+`, { method: 'HEAD', redirect: 'manual', cache: 'no-store', signal: AbortSignal.timeout(5000) });
    if (status === 404 || type === 'opaqueredirect') return 'free';
    return [200, 403, 410, 451].includes(status) ? 'taken' : 'unknown';
  } catch {
    return 'unknown'; // the server decides when the form is sent
  }
}

import { Failure, type Schemas } from '../lib/client';
import { m } from '../text';

const STALLED = 60_000; // milliseconds without a byte

/** Sends a file with the signed request, and reports the share that has been sent. */
export function send({ method, url, headers }: Schemas['Upload']['upload'], file: Blob, signal: AbortSignal, progress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not report the progress of uploads
    let stalled = 0;
    const watch = (): void => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED);
    };
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) {
      if (!/^(content-length|host)$/i.test(name)) request.setRequestHeader(name, value); // the browser sets these itself
    }
    request.upload.onprogress = ({ loaded, total }) => {
      watch();
      progress(loaded / total);
    };
    request.onload = () => (request.status < 300 ? resolve() : reject(new Failure(request.status, m.images.refused(request.status))));
    request.onerror = request.onabort = () => reject(new Failure(0, reason()));
    request.onloadend = () => clearTimeout(stalled);
    signal.addEventListener('abort', () => request.abort());
    watch();
    request.send(file);
  });
}

/** The reason why a file could not be sent. S3 accepts uploads only from pages at the stage's own address, which locally is localhost. */
function reason(): string {
  const { hostname, port } = location;
  return /^(127\.|\[::1\])/.test(hostname) ? m.images.otherAddress(`http://localhost:${port}/app/images`) : m.images.interrupted;
}

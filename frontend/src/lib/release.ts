// Detects a new release of the site: with make dev the page reloads at once, on a stage it offers to reload.
import { toast } from '../parts/toasts';
import { t } from '../text';

const here = import.meta.url;
const local = /\/releases\/local-/.test(here);
const EVERY = local ? 1000 : 10 * 60_000;

/** Starts to check while the page is visible. */
export function watchRelease(): void {
  const release = /\/releases\/([^/]+)\//.exec(here)?.[1];
  if (!release) return;
  const timer = setInterval(async () => {
    if (document.visibilityState !== 'visible') return;
    const page = await fetch('/app/', { signal: AbortSignal.timeout(10_000) }).then((response) => (response.ok ? response.text() : ''), () => '');
    if (!page || page.includes(release)) return;
    clearInterval(timer);
    if (local) location.reload();
    else toast(t.app.newRelease, { label: t.app.reload, act: () => location.reload() });
  }, EVERY);
}

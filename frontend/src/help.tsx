import type { Feature } from './lib/feature';
import { Dialog } from './parts/dialog';
import { t } from './text';

/** The list of keyboard shortcuts. */
export function Help({ features, onClose }: { features: Feature[]; onClose: () => void }) {
  const keys = [
    ['c', t.links.keyNew],
    ['/', t.links.keySearch],
    ...features.filter(({ key }) => key).map(({ key, label }) => [`g ${key}`, t.keys.go(label())]),
    ['?', t.keys.help],
    ['Esc', t.keys.escape],
  ];
  return (
    <Dialog title={t.keys.title} onClose={onClose}>
      <dl class="keys">
        {keys.map(([key, what]) => <div key={key}><dt>{key?.split(' ').map((one) => <kbd key={one}>{one}</kbd>)}</dt><dd>{what}</dd></div>)}
      </dl>
      <p class="muted minor">{t.keys.off} <a href="/app/settings" onClick={onClose}>{t.settings.title}</a></p>
    </Dialog>
  );
}

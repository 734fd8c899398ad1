import type { Feature } from './lib/feature';
import { Dialog } from './parts/dialog';
import { m, t } from './text';

/** The list of keyboard shortcuts. */
export function Help({ features, onClose }: { features: Feature[]; onClose: () => void }) {
  const keys = [
    ...features.flatMap(({ shortcuts }) => shortcuts?.() ?? []),
    ...features.filter(({ key }) => key).map(({ key, label }) => [`g ${key}`, m.keys.go(label())]),
    ['?', m.keys.help],
    ['Esc', m.keys.escape],
  ];
  return (
    <Dialog title={m.keys.title} onClose={onClose}>
      <dl class="keys">
        {keys.map(([key, what]) => <div key={key}><dt>{key?.split(' ').map((one) => <kbd key={one}>{one}</kbd>)}</dt><dd>{what}</dd></div>)}
      </dl>
      <p class="muted minor">{m.keys.off} <a href="/app/settings" onClick={onClose}>{t.settings.title}</a></p>
    </Dialog>
  );
}

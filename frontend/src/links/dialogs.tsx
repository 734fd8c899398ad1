import { lazy } from '../lib/lazy';
import { opened } from './open';

const QR = lazy(async () => (await import('./qr-dialog')).QRDialog);
const Edit = lazy(async () => (await import('./edit-dialog')).EditDialog);
const History = lazy(async () => (await import('./history-dialog')).HistoryDialog);
const Free = lazy(async () => (await import('./free-dialog')).FreeDialog);

/** The open dialog of a link, if any. */
export function Dialogs() {
  if (!opened.value) return null;
  const { dialog, link } = opened.value;
  switch (dialog) {
    case 'qr': return <QR key={link.id} link={link} />;
    case 'edit': return <Edit key={link.id} link={link} />;
    case 'history': return <History key={link.id} link={link} />;
    case 'free': return <Free key={link.id} link={link} />;
  }
}

import { bare } from '../lib/format';
import { Dialog } from '../parts/dialog';
import { t } from '../text';
import type { Link } from './draft';
import { History } from './history';
import { close } from './open';

/** The history of a link, over the list. */
export function HistoryDialog({ link }: { link: Link }) {
  return <Dialog title={`${t.links.history}: ${bare(link.shortUrl)}`} wide onClose={close}><History code={link.code} /></Dialog>;
}

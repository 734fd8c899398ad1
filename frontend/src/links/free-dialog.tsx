import { bare } from '../lib/format';
import { Confirm } from '../parts/confirm';
import { m, t } from '../text';
import { free } from './actions';
import type { Link } from './draft';
import { close } from './open';

/** Asks for confirmation before a link is deleted for good. */
export function FreeDialog({ link }: { link: Link }) {
  return <Confirm title={m.links.freeTitle(bare(link.shortUrl))} text={m.links.freeText} action={t.links.removeForGood} onConfirm={() => free(link)} onClose={close} />;
}

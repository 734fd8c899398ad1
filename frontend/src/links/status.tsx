import { relativeDay } from '../lib/format';
import { t } from '../text';
import type { Link } from './draft';

/** The status of a link, unless it is the usual one. */
export function Status({ link }: { link: Link }) {
  const [text, style] = describe(link);
  return text ? <span class={`chip ${style}`}>{text}</span> : null;
}

function describe(link: Link): [text: string, style: string] {
  switch (link.status) {
    case 'expired':
      if (link.maxClicks !== null && !(link.expiresAt && Date.parse(link.expiresAt) < Date.now())) return [t.links.usedUp, 'warn'];
      return [t.links.expired(link.expiresAt ? relativeDay(link.expiresAt) : ''), 'warn'];
    case 'scheduled': return [t.links.opens(link.notBefore ? relativeDay(link.notBefore) : ''), 'still'];
    case 'disabled': return [t.links.statuses.disabled, 'still'];
    case 'pending': return [t.links.statuses.pending, 'still'];
    case 'takenDown': return [t.links.statuses.takenDown, 'bad'];
    case 'deleted': return [t.links.deleted(link.deletedAt ? relativeDay(link.deletedAt) : ''), 'bad'];
    default: return link.expiresAt ? [t.links.expires(relativeDay(link.expiresAt)), 'still'] : ['', ''];
  }
}

import { go } from '../lib/router';
import type { Action } from '../parts/menu';
import { may } from '../session/session';
import { t } from '../text';
import { remove, restore, setDisabled, share } from './actions';
import type { Link } from './draft';
import { open } from './open';

export const pageOf = (link: Link): string => `/app/links/${encodeURIComponent(link.code)}`;

/** The items of a link's menu. On the link's own page, the item for that page is left out. */
export function actionsOf(link: Link, here = false): Action[] {
  const actions: Action[] = [];
  const add = (label: string, act: () => void, danger = false): void => { actions.push({ label, act, danger }); };
  const write = may('links:write');
  const deleted = link.status === 'deleted';
  if (!here && !deleted) add(t.links.statistics, () => go(pageOf(link)));
  if (write && !deleted && !here) add(t.links.edit, () => open('edit', link));
  if ('share' in navigator && !deleted) add(t.links.share, () => share(link));
  add(t.links.history, () => open('history', link));
  if (write && !deleted) {
    add(link.disabled ? t.links.enable : t.links.disable, () => setDisabled(link, !link.disabled));
    add(t.links.remove, () => remove(link), true);
  }
  if (write && deleted) {
    add(t.links.restore, () => restore(link));
    add(t.links.removeForGood, () => open('free', link), true);
  }
  return actions;
}

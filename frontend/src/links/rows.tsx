import type { Signal } from '@preact/signals';
import { may } from '../session/session';
import { t } from '../text';
import type { Link } from './draft';
import { Row } from './row';

/** The rows of links, and the selection by ID. */
export function Rows({ links, selected }: { links: Link[]; selected: Signal<ReadonlySet<string>> }) {
  const all = links.length > 0 && links.every(({ id }) => selected.value.has(id));
  function select(ids: string[], on: boolean): void {
    const set = new Set(selected.value);
    for (const id of ids) set[on ? 'add' : 'delete'](id);
    selected.value = set;
  }
  return (
    <table class="links">
      <thead>
        <tr>
          {may('links:write') && <th class="pick"><label><input type="checkbox" checked={all} aria-label={t.links.selectAll} onChange={(event) => select(links.map(({ id }) => id), event.currentTarget.checked)} /></label></th>}
          <th>{t.links.columns.link}</th>
          <th class="clicks">{t.links.columns.clicks}</th>
          <th class="created">{t.links.columns.created}</th>
          <th><span class="hidden-text">{t.links.columns.actions}</span></th>
        </tr>
      </thead>
      <tbody>
        {links.map((link) => <Row key={link.id} link={link} selected={selected.value.has(link.id)} onSelect={(on) => select([link.id], on)} />)}
      </tbody>
    </table>
  );
}

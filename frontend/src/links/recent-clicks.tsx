import { useEffect, useRef } from 'preact/hooks';
import { call, type Schemas } from '../lib/client';
import { dateTime } from '../lib/format';
import { useList } from '../lib/list';
import { Empty } from '../parts/empty';
import { ListState } from '../parts/list-state';
import { m } from '../text';
import { nameIn } from './names';

type Click = Schemas['Click'];

/** The latest clicks of a link, including those of robots. They are read again when the version changes. */
export function RecentClicks({ code, version }: { code: string; version: number }) {
  const list = useList<Click>(code, {
    topic: 'links',
    live: false,
    id: ({ id }) => id,
    load: async (cursor) => call('get', '/api/links/{code}/clicks', { path: { code }, query: { limit: 10, ...(cursor && { cursor }) } }),
  });
  const shown = useRef(version);
  useEffect(() => {
    if (shown.current !== version) list.refresh();
    shown.current = version;
  }, [version]);
  return (
    <section class="card">
      <h2>{m.links.recent}</h2>
      <ListState list={list} empty={<Empty title={m.links.noRecent}><p>{m.links.noRecentText}</p></Empty>}>
        {(clicks) => (
          <table class="recent">
            <thead><tr>{(['at', 'from', 'place', 'device'] as const).map((name) => <th key={name}>{m.links.clickColumns[name]}</th>)}</tr></thead>
            <tbody>{clicks.map((click) => <Row key={click.id} click={click} />)}</tbody>
          </table>
        )}
      </ListState>
    </section>
  );
}

function Row({ click }: { click: Click }) {
  const name = (list: string, value: string): string => (value ? nameIn(list, value) : '');
  const joined = (...parts: string[]): string => parts.filter((part) => part && part !== m.links.names['unknown']).join(', ') || '–';
  return (
    <tr>
      <td class="number">{dateTime(click.at)}</td>
      <td>{joined(name('referrers', click.referrer))} {click.scan && <span class="chip">{m.links.scan}</span>}</td>
      <td>{joined(click.city, name('countries', click.country))}</td>
      <td>{click.bot ? <span class="muted">{m.links.robot(click.bot)}</span> : joined(click.browser, click.system, name('devices', click.device))}</td>
    </tr>
  );
}

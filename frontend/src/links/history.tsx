import { call } from '../lib/client';
import { dateTime } from '../lib/format';
import { useList } from '../lib/list';
import type { Schemas } from '../lib/client';
import { Empty } from '../parts/empty';
import { ListState } from '../parts/list-state';
import { m } from '../text';

type Event = Schemas['LinkEvent'];

/** The changes of a link and who made them, latest first. */
export function History({ code }: { code: string }) {
  const list = useList<Event>(code, {
    topic: 'links',
    live: false,
    id: ({ at, action }) => at + action,
    load: async (cursor, etag) => call('get', '/api/links/{code}/history', { path: { code }, query: { ...(cursor && { cursor }) }, etag }),
  });
  return (
    <ListState list={list} empty={<Empty title={m.links.noHistory}><p>{m.links.noHistoryText}</p></Empty>}>
      {(events) => (
        <ol class="history">
          {events.map(({ at, action, by, changes }) => (
            <li key={at + action}>
              <p><strong>{m.links.actions[action] ?? action}</strong> <span class="muted">{dateTime(at)} {m.links.by(by)}</span></p>
              <dl class="facts minor">
                {changes.map(({ field, from, to }) => <div key={field}><dt>{m.links.fields[field] ?? field}</dt><dd>{m.links.change(show(from), show(to))}</dd></div>)}
              </dl>
            </li>
          ))}
        </ol>
      )}
    </ListState>
  );
}

function show(value: unknown): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)) return m.links.nothing;
  if (typeof value === 'boolean') return value ? m.links.yes : m.links.no;
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? dateTime(value) : value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

import { useSignal } from '@preact/signals';
import { call, type Schemas } from '../lib/client';
import { useList } from '../lib/list';
import { lazy } from '../lib/lazy';
import { setQuery } from '../lib/router';
import { Empty } from '../parts/empty';
import { ListState } from '../parts/list-state';
import { Page } from '../parts/page';
import { may } from '../session/session';
import { t } from '../text';
import { CreateForm } from './create-form';
import { Dialogs } from './dialogs';
import type { Link } from './draft';
import { Filters, filterOf } from './filters';
import { Rows } from './rows';
import './links.css';

const BulkBar = lazy(async () => (await import('./bulk-bar')).BulkBar);
const PAGE = 50;

/** The list of links, and the form that creates one. */
export function LinksPage() {
  const filter = filterOf();
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const { q, tag, status, sort } = filter;
  const list = useList<Link>(JSON.stringify(filter), {
    topic: 'links',
    id: ({ id }) => id,
    load: (cursor, etag) => call('get', '/api/links', {
      query: { q, limit: PAGE, ...(tag && { tag: [tag] }), ...(status && { status: status as Link['status'] }), ...(sort && { sort: sort as 'clicks' }), ...(cursor && { cursor }) },
      etag,
    }) as Promise<{ data: Schemas['Links'] | undefined; etag: string }>,
  });
  const links = list.state.value.items ?? [];
  const filtered = q || tag || status;
  return (
    <Page title={t.links.title}>
      {may('links:write') && <CreateForm onMade={(made) => { if (!filtered) list.edit((items) => [...made, ...items]); }} />}
      <Filters filter={filter} tags={links.flatMap(({ tags }) => tags)} />
      <section class="card list" aria-label={t.links.title}>
        <ListState list={list} empty={filtered
          ? <Empty title={t.links.none}><button type="button" onClick={() => setQuery({})}>{t.links.clear}</button></Empty>
          : <Empty title={t.links.first}><p>{t.links.firstText}</p></Empty>}>
          {(items) => <Rows links={items} selected={selected} />}
        </ListState>
      </section>
      {selected.value.size > 0 && <BulkBar links={links.filter(({ id }) => selected.value.has(id))} onDone={() => { selected.value = new Set(); }} />}
      <Dialogs />
    </Page>
  );
}

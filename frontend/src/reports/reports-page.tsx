import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call } from '../lib/client';
import { useList } from '../lib/list';
import { Empty } from '../parts/empty';
import { ListState } from '../parts/list-state';
import { Page } from '../parts/page';
import { Segments } from '../parts/segments';
import { may, me } from '../session/session';
import { m, t } from '../text';
import { Days } from './day-list';
import { RequestForm } from './request-form';
import { ownerQuery, useRequest, type Summary } from './request';
import './reports.css';

const PAGE = 31;

/** The reports by day, and a form to request one. */
export function ReportsPage() {
  const owner = useSignal<keyof typeof m.reports.owners>('mine');
  const admin = me.value?.scopes.includes('admin');
  return (
    <Page title={t.reports.title} aside={admin && <Segments label={m.reports.whose} options={m.reports.owners} value={owner.value} onChange={(value) => { owner.value = value; }} />}>
      <Reports key={owner.value} owner={owner.value} />
    </Page>
  );
}

function Reports({ owner }: { owner: string }) {
  const request = useRequest();
  const list = useList<Summary>(owner, {
    topic: 'reports',
    load: (cursor) => call('get', '/api/reports', { query: { limit: PAGE, cursor, ...ownerQuery(owner) } }),
    id: ({ id }) => id,
    soon: () => request.progress.value === 'making',
  });
  const items = list.state.value.items ?? [];
  useEffect(() => { for (const { id, createdAt } of items) request.seen(id, createdAt); }, [items, request.id.value]);
  return (
    <div class="stack">
      <p class="muted">{m.reports.lead}</p>
      {may('reports:write') && <RequestForm request={request} owner={owner} items={items} />}
      {may('reports:read') && (
        <section class="card reports" aria-label={m.reports.list}>
          <ListState list={list} empty={<Empty title={m.reports.none}><p>{m.reports.noneText}</p></Empty>}>
            {(all) => <Days items={all} />}
          </ListState>
        </section>
      )}
    </div>
  );
}

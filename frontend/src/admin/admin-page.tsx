import { useSignal } from '@preact/signals';
import { call, Failure, type Schemas } from '../lib/client';
import { bare, dateTime } from '../lib/format';
import { useList } from '../lib/list';
import { changed } from '../lib/tabs';
import { Empty } from '../parts/empty';
import { ListState } from '../parts/list-state';
import { Page } from '../parts/page';
import { toast } from '../parts/toasts';
import { m, t } from '../text';
import { ByCode } from './by-code';
import { ReasonDialog } from './reason-dialog';
import { takeDown } from './takedown';
import './admin.css';

type Abuse = Schemas['AbuseReport'];

/** The reports of visitors, and the form that takes links down. */
export function AdminPage() {
  const list = useList<Abuse>('abuse', {
    topic: 'abuse',
    load: (cursor) => call('get', '/api/abuse', { query: { limit: 20, cursor } }),
    id: ({ id }) => id,
  });
  return (
    <Page title={t.admin.title}>
      <div class="stack">
        <p class="muted">{m.admin.lead}</p>
        <section class="card" aria-label={t.admin.title}>
          <ListState list={list} empty={<Empty title={m.admin.none}><p>{m.admin.noneText}</p></Empty>}>
            {(all) => <ul class="abuse">{all.map((report) => <Report key={report.id} report={report} />)}</ul>}
          </ListState>
        </section>
        <ByCode />
      </div>
    </Page>
  );
}

function Report({ report }: { report: Abuse }) {
  const asking = useSignal(false);
  const { current, shortUrl } = report;
  const name = bare(shortUrl);
  const down = current?.status === 'takenDown';
  return (
    <li>
      <div class="abuse-what">
        <p><span class="chip warn">{m.admin.reasons[report.reason]}</span> <b class="abuse-name">{name}</b> {down && <span class="chip bad">{t.links.statuses.takenDown}</span>} <span class="muted minor">{m.admin.at(dateTime(report.at))}</span></p>
        {report.text && <blockquote>{report.text}</blockquote>}
        <p class="muted minor">{current ? `→ ${current.url} · ${m.admin.owner(current.owner)}` : m.admin.gone}</p>
      </div>
      <div class="row">
        {current && !down && <button type="button" class="small danger" aria-label={m.admin.takeDownOf(name)} onClick={() => { asking.value = true; }}>{m.admin.takeDown}</button>}
        {current && down && <button type="button" class="small" aria-label={m.admin.putBackOf(name)} onClick={() => attempt(() => takeDown(current.code, null))}>{m.admin.putBack}</button>}
        <button type="button" class="small plain" aria-label={m.admin.doneOf(name)} onClick={() => attempt(() => remove(report.id))}>{m.admin.done}</button>
      </div>
      {asking.value && current && <ReasonDialog code={current.code} name={name} onClose={() => { asking.value = false; }} />}
    </li>
  );
}

async function remove(id: string): Promise<void> {
  await call('delete', '/api/abuse/{id}', { path: { id } });
  toast(m.admin.removed);
  changed('abuse');
}

async function attempt(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    toast(error.message);
  }
}

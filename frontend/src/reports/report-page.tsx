import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { call, download, Failure, type Schemas } from '../lib/client';
import { dateTime } from '../lib/format';
import { poll } from '../lib/poll';
import { onChange } from '../lib/tabs';
import { save } from '../lib/save';
import { Empty } from '../parts/empty';
import { Failed } from '../parts/failed';
import { Menu } from '../parts/menu';
import { Page } from '../parts/page';
import { Skeleton } from '../parts/skeleton';
import { toast } from '../parts/toasts';
import { may } from '../session/session';
import { m, t } from '../text';
import { Content } from './content';
import { longDay } from './days';
import { useRequest } from './request';
import './reports.css';

export type Report = Schemas['Report'];

const formats = { csv: 'text/csv', html: 'text/html', json: 'application/json' } as const;

/** A report, read from its JSON. */
export function ReportPage({ id = '' }: Record<string, string>) {
  const report = useSignal<Report | undefined>(undefined);
  const failure = useSignal<Failure | undefined>(undefined);
  const again = useRef(() => {});
  const request = useRequest();
  useEffect(() => {
    const { now, stop } = poll(async () => {
      if (report.value?.complete && request.progress.value !== 'making') return false; // it does not change any more
      try {
        const { data } = await call('get', '/api/reports/{id}', { path: { id } });
        const same = data?.generatedAt === report.value?.generatedAt;
        report.value = data;
        failure.value = undefined;
        if (data) request.seen(id, data.generatedAt);
        return !same;
      } catch (error) {
        if (error instanceof Failure) failure.value = error;
        throw error;
      }
    }, () => request.progress.value === 'making');
    again.current = now;
    const silence = onChange('reports', now);
    return () => { stop(); silence(); };
  }, [id]);
  if (!report.value) {
    if (failure.value?.status === 404) return <Page title={t.reports.title}><Empty title={m.reports.missing}><p>{m.reports.missingText}</p><a class="button" href="/app/reports">{m.reports.all}</a></Empty></Page>;
    return <Page title={t.reports.title}>{failure.value ? <Failed failure={failure.value} again={again.current} /> : <Skeleton />}</Page>;
  }
  return <Shown report={report.value} request={request} />;
}

function Shown({ report, request }: { report: Report; request: ReturnType<typeof useRequest> }) {
  const { id, date, owner, complete, generatedAt } = report;
  const making = request.progress.value === 'making';
  async function update(): Promise<void> {
    await request.ask(date, owner === '*' ? 'stage' : 'mine', generatedAt).catch(tell);
  }
  const aside = (
    <div class="row report-acts">
      {!complete && may('reports:write') && <button type="button" disabled={making} onClick={update}>{m.reports.update}</button>}
      <button type="button" onClick={() => print()}>{m.reports.print}</button>
      <Menu label={m.reports.download} text={m.reports.download} actions={(Object.keys(formats) as (keyof typeof formats)[]).map((format) => ({ label: m.reports.formats[format], act: () => fetchFile(report, format) }))} />
    </div>
  );
  return (
    <div class="report">
      <p class="crumbs muted"><a href="/app/reports">{t.reports.title}</a> / {date}</p>
      <Page title={longDay(date)} aside={aside}>
        <p class="muted minor report-facts" role="status">
          {owner === '*' && `${m.reports.stageLinks}. `}{!complete && `${m.reports.soFar}. `}{making ? m.reports.making : m.reports.madeAt(dateTime(generatedAt))}
        </p>
        <Content key={id} report={report} />
      </Page>
    </div>
  );
}

/** Downloads the report through the API, so that no address can expire. */
async function fetchFile({ id, date }: Report, format: keyof typeof formats): Promise<void> {
  try {
    save(await download('/api/reports/{id}', formats[format], { path: { id }, query: { format } }), `report-${date}.${format}`);
  } catch (error) {
    tell(error);
  }
}

function tell(error: unknown): void {
  if (!(error instanceof Failure)) throw error;
  toast(error.message);
}

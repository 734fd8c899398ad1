import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call, download, Failure, type Schemas } from '../lib/client';
import { change, day, isoDay, number, time } from '../lib/format';
import { poll } from '../lib/poll';
import { save } from '../lib/save';
import { m, t } from '../text';
import { BarChart } from '../parts/bar-chart';
import { Breakdown } from '../parts/breakdown';
import { Failed } from '../parts/failed';
import { Skeleton } from '../parts/skeleton';
import { toast } from '../parts/toasts';
import type { Link } from './draft';
import { History } from './history';
import { label, nameIn } from './names';
import type { Period } from './range';
import { RecentClicks } from './recent-clicks';

type Stats = Schemas['Stats'];

const lists = ['referrers', 'countries', 'cities', 'devices', 'browsers', 'systems', 'languages', 'destinations', 'bots'] as const;

/** The clicks of a link in a period, up to date. */
export function Statistics({ link, period }: { link: Link; period: () => Period }) {
  const stats = useSignal<Stats | undefined>(undefined);
  const failure = useSignal<{ error: Failure; at: Date } | undefined>(undefined);
  const again = useSignal(() => {});
  useEffect(() => {
    const { now, stop } = poll(async () => {
      try {
        const { data } = await call('get', '/api/links/{code}/stats', { path: { code: link.code }, query: { ...period(), top: 8, compare: 'previous' } });
        const same = JSON.stringify(stats.value?.series) === JSON.stringify(data?.series) && stats.value?.botClicks === data?.botClicks;
        stats.value = data;
        failure.value = undefined;
        return !same;
      } catch (error) {
        if (error instanceof Failure) failure.value = { error, at: failure.peek()?.at ?? new Date() };
        throw error;
      }
    });
    again.value = now;
    return stop;
  }, [link.code]);
  const { value } = stats;
  if (!value) return failure.value ? <Failed failure={failure.value.error} again={again.value} /> : <Skeleton />;
  const title = { hour: m.links.byHour, day: m.links.byDay, week: m.links.byWeek, month: m.links.byMonth, minute: '' }[value.unit];
  return (
    <>
      {failure.value && <p class="stale" role="status">{t.parts.stale(time(failure.value.at))} {failure.value.error.message}</p>}
      <Numbers stats={value} />
      <section class="card">
        <div class="row between">
          <h2>{title} <span class="muted plain-text">({value.tz})</span></h2>
          <button type="button" class="small" onClick={() => exportCSV(link, period())}>{m.links.csv}</button>
        </div>
        <BarChart title={title} what={m.links.total} when={m.links.when} bars={value.series.map(({ at, clicks }) => ({ label: label(at, value.unit, value.tz), value: clicks }))} />
      </section>
      <div class="breakdowns">
        {value.total + value.botClicks === 0 && <p class="muted">{m.links.noClicks}</p>}
        {lists.filter((list) => value[list].length).map((list) => (
          <Breakdown key={list} title={m.links.lists[list]} total={list === 'bots' ? value.botClicks : value.total} counts={value[list].map(({ name, clicks }) => ({ name: nameIn(list, name), clicks }))} />
        ))}
      </div>
      <RecentClicks code={link.code} version={value.total + value.botClicks} />
      <section class="card">
        <h2>{t.links.history}</h2>
        <History code={link.code} />
      </section>
    </>
  );
}

async function exportCSV(link: Link, period: Period): Promise<void> {
  try {
    save(await download('/api/links/{code}/stats', 'text/csv', { path: { code: link.code }, query: period }), `${link.code}-${period.to ?? isoDay(new Date())}.csv`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    toast(error.message);
  }
}

/** The four numbers, each compared with the previous period. */
function Numbers({ stats }: { stats: Stats }) {
  const { previous } = stats;
  const shown = [
    [m.links.total, stats.total, previous?.total],
    [m.links.visitors, stats.visitors, previous?.visitors],
    [m.links.scans, stats.scans, previous?.scans],
    [m.links.bots, stats.botClicks, previous?.botClicks],
  ] as const;
  const since = previous && `${day(previous.from)} – ${day(previous.to)}`;
  return (
    <dl class="numbers">
      {shown.map(([name, now, before]) => (
        <div class="card" key={name}>
          <dt class="muted">{name}</dt>
          <dd class="number">{number(now)}</dd>
          <dd class="muted minor" title={since}>{before ? `${change((now - before) / before)} · ${m.links.before(number(before))}` : m.links.noneBefore}</dd>
        </div>
      ))}
    </dl>
  );
}


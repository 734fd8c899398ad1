import { bare, number, percent } from '../lib/format';
import { nameIn } from '../links/names';
import { BarChart } from '../parts/bar-chart';
import { Breakdown } from '../parts/breakdown';
import { Empty } from '../parts/empty';
import { may } from '../session/session';
import { m } from '../text';
import { compared } from './day-list';
import { hour } from './days';
import type { Report } from './report-page';

const lists = ['referrers', 'countries', 'cities', 'devices', 'browsers', 'systems', 'bots'] as const;

/** The contents of a report. */
export function Content({ report }: { report: Report }) {
  const { totals, hours } = report;
  return (
    <>
      <Numbers report={report} />
      {totals.clicks === 0
        ? <Empty title={m.reports.noClicks} />
        : (
          <section class="card">
            <h2>{m.reports.hours} <span class="muted plain-text">(UTC)</span></h2>
            <BarChart title={m.reports.hours} what={m.reports.clicks} when={m.reports.hour} bars={hours.map(({ at, clicks }) => ({ label: hour(at), value: clicks }))} />
          </section>
        )}
      {report.links.length > 0 && <Top report={report} />}
      <div class="breakdowns">
        {lists.map((list) => [list, report[list] ?? []] as const).filter(([, counts]) => counts.length).map(([list, counts]) => (
          <Breakdown key={list} title={m.links.lists[list]} total={list === 'bots' ? counts.reduce((sum, { clicks }) => sum + clicks, 0) : totals.clicks}
            counts={counts.map(({ name, clicks }) => ({ name: nameIn(list, name), clicks }))} />
        ))}
      </div>
      <p class="hint">{m.reports.note}</p>
    </>
  );
}

function Numbers({ report: { totals, hours, complete } }: { report: Report }) {
  const busiest = hours.reduce((a, b) => (b.clicks > a.clicks ? b : a));
  const shown = [
    [m.reports.clicks, number(totals.clicks), complete && compared(complete, totals)],
    [m.reports.before, number(totals.before)],
    [m.reports.links, number(totals.links)],
    [m.reports.busiest, busiest.clicks ? hour(busiest.at) : '–', busiest.clicks > 0 && `${number(busiest.clicks)} · ${percent(busiest.clicks / totals.clicks)}`],
  ] as const;
  return (
    <dl class="numbers">
      {shown.map(([name, value, more]) => (
        <div class="card" key={name}>
          <dt class="muted">{name}</dt>
          <dd class="number">{value}</dd>
          {more && <dd class="muted minor">{more}</dd>}
        </div>
      ))}
    </dl>
  );
}

function Top({ report: { links, totals } }: { report: Report }) {
  const most = Math.max(1, ...links.map(({ clicks }) => clicks));
  return (
    <section class="card breakdown">
      <h2>{m.reports.top}</h2>
      <ol>
        {links.map(({ id, code, shortUrl, title, url, clicks }) => (
          <li key={id}>
            <span class="name">
              {url && may('links:read') ? <a class="short" href={`/app/links/${code}`} aria-label={m.reports.statisticsOf(title || bare(shortUrl))}>{title || bare(shortUrl)}</a> : <b>{title || bare(shortUrl)}</b>}
              <span class="muted minor"> {title && bare(shortUrl)} {url ? `→ ${bare(url)}` : m.reports.gone}</span>
            </span>
            <span class="number">{number(clicks)} <span class="muted share">{percent(clicks / totals.clicks)}</span></span>
            <svg viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true"><rect width={(clicks / most) * 100} height="3" /></svg>
          </li>
        ))}
      </ol>
    </section>
  );
}

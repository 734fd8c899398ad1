import { change, number } from '../lib/format';
import { m, t } from '../text';
import { shortDay } from './days';
import type { Summary } from './request';

/** Reports as rows, the latest day first. The server's order is by time of creation, latest first. */
export function Days({ items }: { items: Summary[] }) {
  const byDay = [...items].sort((a, b) => b.date.localeCompare(a.date));
  const most = Math.max(1, ...byDay.map(({ totals }) => totals.clicks));
  const { day, clicks, change: against, links } = m.reports.columns;
  return (
    <table class="days">
      <thead><tr><th scope="col">{day}</th><td /><th scope="col" class="number">{clicks}</th><th scope="col" class="number">{against}</th><th scope="col" class="number">{links}</th></tr></thead>
      <tbody>
        {byDay.map(({ id, date, complete, totals }) => (
          <tr key={id}>
            <th scope="row">
              <a href={`/app/reports/${id}`}>{shortDay(date)}</a> {!complete && <span class="chip still">{m.reports.soFar}</span>}
            </th>
            <td class="day-bar"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width={(totals.clicks / most) * 100} height="8" /></svg></td>
            <td class="number day-clicks">{number(totals.clicks)} <span class="phone muted">{t.links.clicks('', totals.clicks === 1)}</span></td>
            <td class="number muted">{compared(complete, totals)}</td>
            <td class="number muted"><span class="wide">{number(totals.links)}</span><span class="phone">{m.reports.linksFollowed(number(totals.links), totals.links === 1)}</span></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The comparison of a day with the one before, if the day is over. */
export function compared(complete: boolean, { clicks, before }: Summary['totals']): string {
  if (!complete) return '–';
  if (!before) return clicks ? m.reports.noneBefore : m.reports.same;
  return clicks === before ? m.reports.same : change(clicks / before - 1);
}

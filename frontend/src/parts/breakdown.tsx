import { number, percent } from '../lib/format';
import './figures.css';

export interface Count {
  name: string;
  clicks: number;
}

/** Names with their counts and percentages, largest first. */
export function Breakdown({ title, counts, total }: { title: string; counts: Count[]; total: number }) {
  const most = Math.max(1, ...counts.map(({ clicks }) => clicks));
  return (
    <section class="card breakdown">
      <h2>{title}</h2>
      <ol>
        {counts.map(({ name, clicks }) => (
          <li key={name}>
            <span class="name">{name}</span>
            <span class="number">{number(clicks)} <span class="muted share">{percent(total ? clicks / total : 0)}</span></span>
            <svg viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true"><rect width={(clicks / most) * 100} height="3" /></svg>
          </li>
        ))}
      </ol>
    </section>
  );
}

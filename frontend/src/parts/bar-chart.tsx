import { number } from '../lib/format';
import { m } from '../text';
import './figures.css';

export interface Bar {
  label: string;
  value: number;
}

interface Props {
  title: string;
  /** The name of the counted items. */
  what: string;
  when: string;
  bars: Bar[];
}

/** A bar chart, and a table with the same figures. */
export function BarChart({ title, what, when, bars }: Props) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const peak = bars.findIndex(({ value }) => value === most);
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <>
      <div class="chart">
        <span class="chart-most muted number" aria-hidden="true">{number(most)}</span>
        <svg viewBox={`0 0 ${bars.length * 10} 100`} preserveAspectRatio="none" role="img" aria-label={`${title}. ${m.parts.asTableBelow}`}>
          {bars.map(({ label, value }, i) => {
            const height = value ? Math.max(1.5, (value / most) * 100) : 0;
            return (
              <g key={i}>
                <rect x={i * 10} y="0" width="10" height="100" fill="transparent"><title>{`${label}: ${number(value)}`}</title></rect>
                <rect class={i === peak ? 'peak' : ''} x={i * 10 + 1} y={100 - height} width="8" height={height} pointer-events="none" />
              </g>
            );
          })}
        </svg>
      </div>
      <p class="axis" aria-hidden="true"><span>{first?.label}</span><span>{last?.label}</span></p>
      <details class="figures">
        <summary>{m.parts.asTable}</summary>
        <table>
          <thead><tr><th>{when}</th><th class="number">{what}</th></tr></thead>
          <tbody>{bars.map(({ label, value }, i) => <tr key={i}><th>{label}</th><td class="number">{number(value)}</td></tr>)}</tbody>
        </table>
      </details>
    </>
  );
}

import { t } from '../text';

/** A placeholder for rows that are loading. It becomes visible after 300 ms. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="hidden-text">{t.parts.loading}</span>
      {Array.from({ length: rows }, (_, i) => <i key={i} />)}
    </div>
  );
}

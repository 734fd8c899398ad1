import { t } from '../text';

/** The place of rows that are being read. It becomes visible after 300 ms. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="hidden-text">{t.parts.loading}</span>
      {Array.from({ length: rows }, (_, i) => <i key={i} />)}
    </div>
  );
}

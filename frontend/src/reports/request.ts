import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call, type Schemas } from '../lib/client';
import { IdempotencyKeys } from '../lib/idempotency';
import { changed } from '../lib/tabs';

export type Summary = Schemas['ReportSummary'];

/** `slow`: it takes longer than expected. */
export type Progress = 'idle' | 'making' | 'made' | 'slow';

const LONGEST = 60_000; // milliseconds until a request counts as slow

/** The scope of reports: the person's own, or those of the whole stage. */
export const ownerQuery = (owner: string): { owner?: string } => (owner === 'stage' ? { owner: '*' } : {});

/**
 * Requests a report. Callers pass each report from the server to `seen`, with its ID and time of creation: the request is complete
 * once the report is newer than the one before.
 */
export function useRequest(): { progress: ReadonlySignal<Progress>; id: ReadonlySignal<string>; ask: (date: string, owner: string, before: string | undefined) => Promise<void>; seen: (id: string, madeAt: string) => void } {
  const progress = useSignal<Progress>('idle');
  const id = useSignal('');
  const last = useSignal<string | undefined>(undefined);
  useEffect(() => {
    if (progress.value !== 'making') return;
    const timer = setTimeout(() => { progress.value = 'slow'; }, LONGEST);
    return () => clearTimeout(timer);
  }, [progress.value]);
  async function ask(date: string, owner: string, before: string | undefined): Promise<void> {
    const keys = new IdempotencyKeys();
    const body = { period: 'daily' as const, date };
    const { data } = await call('post', '/api/reports', { body, query: ownerQuery(owner), headers: { 'Idempotency-Key': keys.for(body) } });
    last.value = before;
    id.value = data?.id ?? '';
    progress.value = 'making';
    changed('reports');
  }
  function seen(of: string, madeAt: string): void {
    if (of === id.value && madeAt !== last.value && (progress.value === 'making' || progress.value === 'slow')) progress.value = 'made';
  }
  return { progress, id, ask, seen };
}

import type { ComponentChildren } from 'preact';
import type { List } from '../lib/list';
import { time } from '../lib/format';
import { t } from '../text';
import { Failed } from './failed';
import { Skeleton } from './skeleton';

interface Props<T> {
  list: List<T>;
  /** Shown if there are no items. */
  empty: ComponentChildren;
  children: (items: T[]) => ComponentChildren;
}

/** A list in each of its states: loading, empty, failed, out of date, or loaded, with a button for more. */
export function ListState<T>({ list, empty, children }: Props<T>) {
  const { items, next, at, failure, adding } = list.state.value;
  if (!items) return failure ? <Failed failure={failure} again={list.refresh} /> : <Skeleton />;
  return (
    <>
      {failure && at && <p class="stale" role="status">{t.parts.stale(time(at))} {failure.message}</p>}
      {items.length || next ? children(items) : empty}
      {next && (
        <p class="row more">
          <button type="button" onClick={list.more} disabled={adding}>{t.parts.more}</button>
        </p>
      )}
    </>
  );
}

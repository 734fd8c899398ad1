import { signal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Failure, type Answer } from './client';
import { poll } from './poll';
import { onChange } from './tabs';

export interface Page<T> {
  items: T[];
  next?: string;
}

/** The state of a list. If there are both `failure` and `items`, the items are from `at`, and the list is being retried. */
export interface Listed<T> {
  items?: T[];
  next?: string | undefined;
  at?: Date;
  failure?: Failure;
  adding?: boolean;
}

export interface List<T> {
  state: ReadonlySignal<Listed<T>>;
  /** Adds the next page. */
  more(): Promise<void>;
  /** Reads the list again, now. */
  refresh(): void;
  /** Changes items on the page until the list is read again. */
  edit(change: (items: T[]) => T[]): void;
}

interface Source<T> {
  /** The kinds of changes after which the list is read again. */
  topic: string;
  /** Reads a page. With the tag of an earlier answer, the answer may have no data. */
  load(cursor: string | undefined, etag: string | undefined): Promise<Answer<Page<T>>>;
  id(item: T): string;
  /** false: the list is read only when it is shown or refreshed. */
  live?: boolean;
  /** Whether an item is about to change. If so, the list is read every second. */
  soon?(items: T[]): boolean;
}

/** A list from the server that is refreshed while it is shown, with one request at a time. A new key starts a new list. */
export function useList<T>(key: string, source: Source<T>): List<T> {
  const list = useMemo(() => create(source), [key]);
  useEffect(() => list.start(), [list]);
  return list;
}

function create<T>(source: Source<T>): List<T> & { start(): () => void } {
  const state = signal<Listed<T>>({});
  let etag: string | undefined;
  let refresh = (): void => {};

  /** Reads the first page. Items of later pages do not change. */
  async function read(): Promise<boolean> {
    try {
      const answer = await source.load(undefined, etag);
      const { failure: _, ...before } = state.value;
      if (!answer.data) {
        state.value = { ...before, at: new Date() };
        return false;
      }
      etag = answer.etag;
      const first = new Set(answer.data.items.map(source.id));
      const longer = (before.items?.length ?? 0) > answer.data.items.length && answer.data.next;
      const rest = longer ? before.items!.slice(answer.data.items.length).filter((item) => !first.has(source.id(item))) : [];
      state.value = { ...before, items: [...answer.data.items, ...rest], next: rest.length ? before.next : answer.data.next, at: new Date() };
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      state.value = { ...state.value, failure: error };
      throw error;
    }
  }

  async function more(): Promise<void> {
    state.value = { ...state.value, adding: true };
    try {
      const { data } = await source.load(state.value.next, undefined);
      const known = new Set(state.value.items?.map(source.id));
      const added = data?.items.filter((item) => !known.has(source.id(item))) ?? [];
      state.value = { ...state.value, items: [...(state.value.items ?? []), ...added], next: data?.next, adding: false };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      state.value = { ...state.value, failure: error, adding: false };
    }
  }

  return {
    state,
    more,
    refresh: () => refresh(),
    edit: (change) => {
      etag = undefined;
      state.value = { ...state.value, items: change(state.value.items ?? []) };
    },
    start: () => {
      const once = { now: () => void read().catch(() => {}), stop: () => {} };
      if (source.live === false) once.now();
      const { now, stop } = source.live === false ? once : poll(read, () => source.soon?.(state.value.items ?? []) ?? false);
      refresh = () => { etag = undefined; now(); };
      const silence = onChange(source.topic, refresh);
      return () => { stop(); silence(); };
    },
  };
}

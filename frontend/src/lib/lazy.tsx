import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Failure } from './client';
import { loadMore, t } from '../text';
import { Failed } from '../parts/failed';

/** A component whose code is loaded when it is first shown. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const loaded = signal<ComponentType<P> | undefined>(undefined);
  const failed = signal(false);
  async function start(): Promise<void> {
    failed.value = false;
    try {
      const [found] = await Promise.all([load(), loadMore()]);
      loaded.value = found;
    } catch {
      failed.value = true;
    }
  }
  return function Lazy(props: P) {
    useEffect(() => { if (!loaded.value) void start(); }, []);
    const Loaded = loaded.value;
    if (Loaded) return <Loaded {...props} />;
    return failed.value ? <Failed failure={new Failure(0, t.errors.unreachable)} again={start} /> : null;
  };
}

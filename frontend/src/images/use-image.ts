import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { call, Failure } from '../lib/client';
import { poll } from '../lib/poll';
import { onChange } from '../lib/tabs';
import { changing } from './gallery';
import type { Image } from './queue';

interface Known {
  image?: Image;
  failure?: Failure;
}

/** An image that is refreshed while it is shown. */
export function useImage(id: string): { state: ReadonlySignal<Known>; refresh: () => void; set: (image: Image) => void } {
  const state = useSignal<Known>({});
  const refresh = useRef(() => {});
  useEffect(() => {
    let tag = '';
    const { now, stop } = poll(async () => {
      try {
        const { data, etag } = await call('get', '/api/images/{id}', { path: { id }, etag: tag });
        tag = etag;
        const image = data ?? state.value.image;
        state.value = image ? { image } : {};
        return data !== undefined;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        state.value = { ...state.value, failure: error };
        throw error;
      }
    }, () => !!state.value.image && changing(state.value.image));
    refresh.current = now;
    const silence = onChange('images', now);
    return () => { stop(); silence(); };
  }, [id]);
  return { state, refresh: () => refresh.current(), set: (image) => { state.value = { image }; } };
}

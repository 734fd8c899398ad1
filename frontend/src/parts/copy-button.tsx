import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { lazy } from '../lib/lazy';
import { t } from '../text';

const CopyByHand = lazy(async () => (await import('./copy-by-hand')).CopyByHand);

interface Props {
  text: string;
  /** The description of the text, for screen readers. */
  what: string;
  class?: string;
}

/** A button that copies a text and confirms it in its label. If the clipboard is not available, it shows the text, selected. */
export function CopyButton({ text, what, class: style }: Props) {
  const copied = useSignal(false);
  const byHand = useSignal(false);
  const timer = useRef(0);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // including plain HTTP, which has no navigator.clipboard
      byHand.value = true;
      return;
    }
    copied.value = true;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => { copied.value = false; }, 2500);
  }
  return (
    <>
      <button type="button" class={style} aria-label={copied.value ? t.parts.copiedWhat(what) : t.parts.copyWhat(what)} onClick={copy}>
        {copied.value ? t.parts.copied : t.parts.copy}
      </button>
      <span class="hidden-text" role="status">{copied.value && t.parts.copiedWhat(what)}</span>
      {byHand.value && <CopyByHand text={text} what={what} onClose={() => { byHand.value = false; }} />}
    </>
  );
}

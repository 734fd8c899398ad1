import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { t } from '../text';
import { Dialog } from './dialog';

interface Props {
  text: string;
  /** What is copied, for screen readers. */
  what: string;
  class?: string;
}

/** Copies a text and says so on itself. Where the clipboard is not available, it shows the text selected. */
export function CopyButton({ text, what, class: style }: Props) {
  const copied = useSignal(false);
  const byHand = useSignal(false);
  const timer = useRef(0);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // also where there is no navigator.clipboard: plain http
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
      {byHand.value && (
        <Dialog title={t.parts.copyByHand} onClose={() => { byHand.value = false; }}>
          <input readOnly value={text} aria-label={what} ref={(field) => field?.select()} />
        </Dialog>
      )}
    </>
  );
}

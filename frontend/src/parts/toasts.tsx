import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../text';

interface Toast {
  id: number;
  text: string;
  action: { label: string; act: () => void } | undefined;
  left: number; // milliseconds
  gone: (() => void) | undefined;
}

const SHOWN = 10_000;
const shown = signal<Toast[]>([]);
let next = 0;

/**
 * Shows a message for ten seconds, not counting the time in which the pointer or the focus is on it. `gone` is called if it disappears
 * without its action.
 */
export function toast(text: string, action?: { label: string; act: () => void }, gone?: () => void): void {
  const before = shown.value;
  shown.value = [...before.slice(-2), { id: next++, text, action, left: SHOWN, gone }];
  for (const one of before.slice(0, -2)) one.gone?.();
}

const remove = (id: number): void => { shown.value = shown.value.filter((one) => one.id !== id); };

/** The messages. Rendered once, by the frame of the site. */
export function Toasts() {
  const box = useRef<HTMLDivElement>(null);
  const paused = useRef(false);
  const any = shown.value.length > 0;
  useEffect(() => {
    if (!any) return;
    const timer = setInterval(() => {
      if (paused.current || document.visibilityState !== 'visible') return;
      for (const one of shown.value) one.left -= 250;
      const over = shown.value.filter((one) => one.left <= 0);
      if (!over.length) return;
      shown.value = shown.value.filter((one) => one.left > 0);
      for (const one of over) one.gone?.();
    }, 250);
    return () => clearInterval(timer);
  }, [any]);
  useEffect(() => { // above an open dialog too
    const element = box.current;
    if (!element) return;
    if (element.matches(':popover-open')) element.hidePopover();
    if (any) element.showPopover();
  }, [shown.value]);
  return (
    <div ref={box} popover="manual" class="toasts" role="status" onPointerEnter={() => { paused.current = true; }} onPointerLeave={() => { paused.current = false; }} onFocusIn={() => { paused.current = true; }} onFocusOut={() => { paused.current = false; }}>
      {shown.value.map(({ id, text, action, gone }) => (
        <div class="toast" key={id}>
          <span>{text}</span>
          {action
            ? <button type="button" onClick={() => { remove(id); paused.current = false; action.act(); }}>{action.label}</button>
            : <button type="button" aria-label={t.parts.close} onClick={() => { remove(id); paused.current = false; gone?.(); }}>×</button>}
        </div>
      ))}
    </div>
  );
}

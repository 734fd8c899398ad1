import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

export interface Action {
  label: string;
  danger?: boolean;
  act: () => void;
}

/** The height of the bar at the bottom of narrow windows, in pixels. */
const BAR = 64;

interface Props {
  label: string;
  text?: string;
  actions: Action[];
  small?: boolean;
  /** Whether one of its items is the current page. */
  current?: boolean;
}

/** A button that opens a menu of actions; without a text it shows three dots. */
export function Menu({ label, text, actions, small, current }: Props) {
  const open = useSignal(false);
  const menu = useRef<HTMLDivElement>(null);
  const close = (focus: boolean): void => {
    open.value = false;
    if (focus) menu.current?.querySelector('button')?.focus();
  };
  useEffect(() => {
    if (!open.value) return;
    const list = menu.current?.querySelector<HTMLElement>('[role=menu]');
    if (list && list.getBoundingClientRect().bottom > innerHeight - BAR) list.classList.add('up');
    list?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const outside = (event: Event): void => { if (event.target instanceof Node && !menu.current?.contains(event.target)) close(false); };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open.value]);

  function move(event: KeyboardEvent): void {
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items.at(to % items.length)?.focus();
    else if (event.key === 'Escape') close(true);
    else if (event.key === 'Tab') return close(false);
    else return;
    event.preventDefault();
  }

  return (
    <div class="menu" ref={menu}>
      <button type="button" class={text ? '' : small ? 'small plain' : 'plain'} aria-label={label} aria-current={current ? 'page' : undefined} aria-haspopup="menu" aria-expanded={open.value} onClick={() => { open.value = !open.value; }}>{text ?? '⋯'}</button>
      {open.value && (
        <div class="menu-list" role="menu" aria-label={label} onKeyDown={move}>
          {actions.map(({ label, danger, act }) => (
            <button key={label} type="button" role="menuitem" tabIndex={-1} class={danger ? 'danger' : ''} onClick={() => { close(true); act(); }}>{label}</button>
          ))}
        </div>
      )}
    </div>
  );
}

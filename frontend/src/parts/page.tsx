import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { moved } from '../lib/router';
import { t } from '../text';

interface Props {
  title: string;
  /** Shown beside the heading. */
  aside?: ComponentChildren;
  children: ComponentChildren;
}

/** A page. It sets the window's title, and its heading gets the focus when the person comes from another page. */
export function Page({ title, aside, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { if (moved) heading.current?.focus({ preventScroll: true }); }, []);
  useEffect(() => { document.title = `${title} · ${t.app.name}`; }, [title]);
  return (
    <>
      <div class="top">
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        {aside}
      </div>
      {children}
    </>
  );
}

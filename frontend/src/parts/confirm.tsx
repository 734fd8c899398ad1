import { useEffect, useRef } from 'preact/hooks';
import { m } from '../text';
import { Dialog } from './dialog';

interface Props {
  title: string;
  text: string;
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks for confirmation of an action that cannot be undone. Cancel has the focus. */
export function Confirm({ title, text, action, onConfirm, onClose }: Props) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack">
        <p>{text}</p>
        <div class="row end">
          <button type="button" class="danger" onClick={() => { onClose(); onConfirm(); }}>{action}</button>
          <button type="button" ref={cancel} onClick={onClose}>{m.parts.cancel}</button>
        </div>
      </div>
    </Dialog>
  );
}

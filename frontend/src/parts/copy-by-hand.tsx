import { m } from '../text';
import { Dialog } from './dialog';

/** Shows a text, selected, if the browser does not let pages copy. */
export function CopyByHand({ text, what, onClose }: { text: string; what: string; onClose: () => void }) {
  return (
    <Dialog title={m.parts.copyByHand} onClose={onClose}>
      <input readOnly value={text} aria-label={what} ref={(field) => field?.select()} />
    </Dialog>
  );
}

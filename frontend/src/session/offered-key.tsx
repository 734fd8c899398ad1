import { keepKey } from '../lib/client';
import { Confirm } from '../parts/confirm';
import { m } from '../text';
import { offered } from './fragment';

/** Asks whether the key in the address should replace the current one. */
export function OfferedKey() {
  const use = (): void => {
    keepKey(offered.value);
    location.reload();
  };
  return <Confirm title={m.session.replaceKey} text={m.session.replaceKeyText} action={m.session.useKey} onConfirm={use} onClose={() => setTimeout(() => { offered.value = ''; })} />;
}

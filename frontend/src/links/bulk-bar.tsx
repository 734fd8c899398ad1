import { useSignal } from '@preact/signals';
import { m, t } from '../text';
import { toast } from '../parts/toasts';
import type { Schemas } from '../lib/client';
import { attempt, changeAll, removeAll } from './actions';
import { splitTags, type Link } from './draft';

/** The actions on the selected links. */
export function BulkBar({ links, onDone }: { links: Link[]; onDone: () => void }) {
  const tagging = useSignal<'add' | 'remove' | undefined>(undefined);
  const tags = useSignal('');

  async function change(item: (link: Link) => Schemas['BulkItem']): Promise<void> {
    onDone();
    await attempt(async () => {
      const done = await changeAll(links, item);
      if (done.length) toast(m.links.changedAll(done.length));
    });
  }
  const disable = (disabled: boolean) => () => change(({ code }) => ({ edit: { code, changes: { disabled } } }));

  function tag(event: Event): void {
    event.preventDefault();
    const list = splitTags(tags.value);
    const how = tagging.value;
    if (how && list.length) void change(({ code }) => ({ tag: { code, [how]: list } }));
  }

  return (
    <div class="bulk" role="region" aria-label={m.links.selected(links.length)}>
      <strong role="status">{m.links.selected(links.length)}</strong>
      {tagging.value
        ? (
          <form class="row" onSubmit={tag}>
            <input type="text" aria-label={m.links.tagName} placeholder={m.links.tagName} value={tags.value} ref={(field) => field?.focus()} onInput={(event) => { tags.value = event.currentTarget.value; }} />
            <button class="small">{m.links.apply}</button>
            <button type="button" class="small plain" onClick={() => { tagging.value = undefined; }}>{m.parts.cancel}</button>
          </form>
        )
        : (
          <div class="row">
            <button type="button" class="small" onClick={() => { tagging.value = 'add'; }}>{m.links.addTag}</button>
            <button type="button" class="small" onClick={() => { tagging.value = 'remove'; }}>{m.links.removeTag}</button>
            <button type="button" class="small" onClick={disable(true)}>{t.links.disable}</button>
            <button type="button" class="small" onClick={disable(false)}>{t.links.enable}</button>
            <button type="button" class="small danger" onClick={() => { onDone(); void removeAll(links); }}>{t.links.remove}</button>
            <button type="button" class="small plain" onClick={onDone}>{m.links.unselect}</button>
          </div>
        )}
    </div>
  );
}

import { useSignal } from '@preact/signals';
import { call, space } from '../lib/client';
import { useList } from '../lib/list';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { ListState } from '../parts/list-state';
import { Page } from '../parts/page';
import { toast } from '../parts/toasts';
import { m, t } from '../text';
import { Invitations } from './invitations';
import { Members } from './members';
import { enter, type Space } from './space';
import './spaces.css';

/** A space: its members and, for its admins, its name and its invitations. */
export function SpacePage({ id = '' }: Record<string, string>) {
  const list = useList<Space>(`spaces/${id}`, {
    topic: 'spaces',
    live: false,
    id: (one) => one.id,
    load: async () => {
      const { data, etag } = await call('get', '/api/spaces/{id}', { path: { id } });
      return { data: data && { items: [data] }, etag };
    },
  });
  const shown = list.state.value.items?.[0];
  const update = (changed: Space): void => list.edit(() => [changed]);
  const switching = shown && space() !== shown.id && <button type="button" onClick={() => enter(shown)}>{m.spaces.enter}</button>;
  return (
    <Page title={shown?.name ?? t.spaces.title} aside={switching}>
      <p class="back"><a href="/app/spaces">{m.spaces.all}</a></p>
      <ListState list={list} empty={null}>
        {([one]) => one && (
          <div class="stack space-page">
            <Members of={one} onChange={update} />
            {one.role === 'admin' && <Invitations of={one} onChange={update} refresh={list.refresh} />}
            {one.role === 'admin' && <Rename of={one} onChange={update} />}
          </div>
        )}
      </ListState>
    </Page>
  );
}

function Rename({ of, onChange }: { of: Space; onChange: (changed: Space) => void }) {
  const name = useSignal(of.name);
  const form = useForm();
  async function submit(): Promise<void> {
    const { data } = await call('patch', '/api/spaces/{id}', { path: { id: of.id }, body: { name: name.value.trim() } });
    if (!data) return;
    onChange(data);
    toast(m.spaces.renamed(data.name));
  }
  return (
    <section class="card stack">
      <h2>{m.spaces.rename}</h2>
      <Form state={form} fields={['name']} class="stack" onSubmit={submit}>
        <Field label={m.spaces.name} error={form.errors.value['name']}>
          {(control) => <input {...control} maxLength={60} autocomplete="off" value={name.value} onInput={(event) => { name.value = event.currentTarget.value; }} />}
        </Field>
        <div class="row"><button disabled={form.busy.value || name.value.trim() === of.name}>{m.spaces.rename}</button></div>
      </Form>
    </section>
  );
}

import { useSignal } from '@preact/signals';
import { call, space, type Schemas } from '../lib/client';
import { useList } from '../lib/list';
import { go } from '../lib/router';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { ListState } from '../parts/list-state';
import { Page } from '../parts/page';
import { m, t } from '../text';
import { enter } from './space';
import './spaces.css';

type Listed = Schemas['Spaces']['items'][number];

/** The spaces of the person: switch between them, and create one. */
export function SpacesPage() {
  const list = useList<Listed>('spaces', {
    topic: 'spaces',
    live: false,
    id: ({ id }) => id,
    load: () => call('get', '/api/spaces') as Promise<{ data: Schemas['Spaces'] | undefined; etag: string }>,
  });
  return (
    <Page title={t.spaces.title}>
      <div class="stack space-page">
        <p class="muted">{m.spaces.lead}</p>
        <section class="card" aria-label={t.spaces.title}>
          <ListState list={list} empty={null}>
            {(items) => <ul class="spaces">{items.map((one) => <Row key={one.id} shown={one} />)}</ul>}
          </ListState>
        </section>
        <NewSpace />
      </div>
    </Page>
  );
}

function Row({ shown }: { shown: Listed }) {
  const { id, personal, role } = shown;
  const name = personal ? m.spaces.personal : shown.name;
  const current = space() === (personal ? '' : id);
  return (
    <li>
      <span>
        {personal ? <b>{name}</b> : <a href={`/app/spaces/${id}`}><b>{name}</b></a>}{' '}
        {current && <span class="chip">{m.spaces.current}</span>}
        {!personal && <span class="muted minor">{m.spaces.roles[role]}</span>}
      </span>
      {!current && <button type="button" class="small" aria-label={m.spaces.enterOf(name)} onClick={() => enter(shown)}>{m.spaces.enter}</button>}
    </li>
  );
}

function NewSpace() {
  const name = useSignal('');
  const form = useForm();
  async function submit(): Promise<void> {
    const { data } = await call('post', '/api/spaces', { body: { name: name.value.trim() } });
    if (data) go(`/app/spaces/${data.id}`);
  }
  return (
    <section class="card stack">
      <h2>{m.spaces.create}</h2>
      <Form state={form} fields={['name']} class="stack" onSubmit={submit}>
        <Field label={m.spaces.name} hint={m.spaces.nameHint} error={form.errors.value['name']}>
          {(control) => <input {...control} maxLength={60} autocomplete="off" value={name.value} onInput={(event) => { name.value = event.currentTarget.value; }} />}
        </Field>
        <div class="row"><button class="primary" disabled={form.busy.value}>{m.spaces.submit}</button></div>
      </Form>
    </section>
  );
}

import { useSignal } from '@preact/signals';
import { call, type Schemas } from '../lib/client';
import { useList } from '../lib/list';
import { Empty } from '../parts/empty';
import { ListState } from '../parts/list-state';
import { Page } from '../parts/page';
import { may } from '../session/session';
import { m, t } from '../text';
import { announce, type Issued, type Key } from './key';
import { NewKeyDialog } from './new-key-dialog';
import { Rows } from './rows';
import { Token } from './token';
import './keys.css';

const MOST = 50;

/** The API keys of the caller: list, create, rotate, revoke. */
export function KeysPage() {
  const creating = useSignal(false);
  const issued = useSignal<Issued | undefined>(undefined);
  const list = useList<Key>('keys', {
    topic: 'keys',
    live: false,
    id: ({ id }) => id,
    load: () => call('get', '/api/keys') as Promise<{ data: Schemas['Keys'] | undefined; etag: string }>,
  });
  const count = list.state.value.items?.length ?? 0;
  const full = count >= MOST;
  const show = (key: Issued): void => {
    const { token: _, ...listed } = key;
    issued.value = key;
    list.edit((items) => (items.some(({ id }) => id === key.id) ? items.map((one) => (one.id === key.id ? listed : one)) : [listed, ...items]));
    announce();
  };
  const revoked = (key: Key): void => {
    if (issued.value?.id === key.id) issued.value = undefined;
    list.edit((items) => items.filter(({ id }) => id !== key.id));
    announce();
  };
  const create = may('keys:write') && <button type="button" class="primary" disabled={full} onClick={() => { creating.value = true; }}>{m.apiKeys.create}</button>;
  return (
    <Page title={t.apiKeys.title} aside={create}>
      <div class="stack">
        <p class="muted">{m.apiKeys.lead}</p>
        {full && <p class="banner" role="status">{m.apiKeys.full(MOST)}</p>}
        {issued.value && <Token key={issued.value.token} issued={issued.value} onClose={() => { issued.value = undefined; }} />}
        {may('keys:read') && (
          <section class="card list" aria-label={t.apiKeys.title}>
            <ListState list={list} empty={<Empty title={m.apiKeys.none}><p>{m.apiKeys.noneText}</p></Empty>}>
              {(items) => <Rows keys={items} onIssued={show} onRevoked={revoked} />}
            </ListState>
          </section>
        )}
        {count > 0 && <p class="muted minor">{m.apiKeys.count(count, MOST)}</p>}
      </div>
      {creating.value && <NewKeyDialog onIssued={show} onClose={() => { creating.value = false; }} />}
    </Page>
  );
}

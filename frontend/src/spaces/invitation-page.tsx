import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { start } from '../features';
import { apiKey, call, Failure } from '../lib/client';
import { Empty } from '../parts/empty';
import { Page } from '../parts/page';
import { toast } from '../parts/toasts';
import { me } from '../session/session';
import { m, t } from '../text';
import { forgetInvitation, invitation, takeInvitation } from './invitation';
import { enter } from './space';

/** Accepts the invitation of the mail that led here. */
export function InvitationPage() {
  const busy = useSignal(false);
  useMemo(takeInvitation, []);
  async function join(): Promise<void> {
    busy.value = true;
    try {
      const { data } = await call('post', '/api/spaces/join', { body: { token: invitation() } });
      forgetInvitation();
      if (data) enter(data);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      busy.value = false;
      toast(error.status === 404 ? m.spaces.invitationGone : error.message);
    }
  }
  return (
    <Page title={m.spaces.invitation}>
      {invitation() && me.value && !apiKey() ? (
        <section class="card stack">
          <p>{m.spaces.invitationText}</p>
          <p class="muted">{m.spaces.joinAs(me.value.email ?? me.value.owner)}</p>
          <div class="row"><button type="button" class="primary" disabled={busy.value} onClick={join}>{m.spaces.join}</button></div>
        </section>
      ) : (
        <Empty title={invitation() ? m.spaces.needsPerson : m.spaces.noInvitation}><a class="button" href={start}>{t.app.toStart}</a></Empty>
      )}
    </Page>
  );
}

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call, Failure } from '../lib/client';
import { bare, day } from '../lib/format';
import { address, setQuery } from '../lib/router';
import { onChange } from '../lib/tabs';
import { CopyButton } from '../parts/copy-button';
import { Failed } from '../parts/failed';
import { Menu } from '../parts/menu';
import { Page } from '../parts/page';
import { Segments } from '../parts/segments';
import { Skeleton } from '../parts/skeleton';
import { may } from '../session/session';
import { m, t } from '../text';
import { Dialogs } from './dialogs';
import type { Link } from './draft';
import { actionsOf } from './menu';
import { open } from './open';
import type { Range } from './range';
import { Statistics } from './statistics';
import { Status } from './status';
import './link-page.css';

/** The page of a link: its data, its clicks, and its history. */
export function LinkPage({ code = '' }: Record<string, string>) {
  const link = useSignal<Link | undefined>(undefined);
  const failure = useSignal<Failure | undefined>(undefined);
  async function read(): Promise<void> {
    try {
      link.value = (await call('get', '/api/links/{code}', { path: { code } })).data;
      failure.value = undefined;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure.value = error;
    }
  }
  useEffect(() => {
    void read();
    return onChange('links', read);
  }, []);
  const range = (Object.keys(m.links.ranges) as Range[]).find((one) => one === address.value.searchParams.get('range')) ?? 'month';
  return (
    <div class="link-page">
      <p class="crumbs muted"><a href="/app/links">{t.links.title}</a> / {code}</p>
      {link.value && !(failure.value?.status === 404)
        ? (
          <Page title={link.value.title || bare(link.value.shortUrl)} aside={<Actions link={link.value} />}>
            <Head link={link.value} />
            <div class="top">
              <Segments label={m.links.range} options={m.links.ranges} value={range} onChange={(one) => setQuery({ range: one === 'month' ? '' : one })} />
            </div>
            <Statistics key={range} link={link.value} range={range} />
          </Page>
        )
        : <Page title={code}>{failure.value ? <Failed failure={failure.value} again={read} /> : <Skeleton />}</Page>}
      <Dialogs />
    </div>
  );
}

function Actions({ link }: { link: Link }) {
  return (
    <div class="row acts">
      <CopyButton class="primary" text={link.shortUrl} what={bare(link.shortUrl)} />
      <button type="button" onClick={() => open('qr', link)}>{t.links.qrCode}</button>
      {may('links:write') && <button type="button" onClick={() => open('edit', link)}>{t.links.edit}</button>}
      <Menu label={t.links.moreOf(bare(link.shortUrl))} actions={actionsOf(link, true)} />
    </div>
  );
}

function Head({ link }: { link: Link }) {
  return (
    <div class="head">
      <p>
        <a class="short" href={link.shortUrl} target="_blank" rel="noopener">{bare(link.shortUrl)}</a>{' '}
        <span class="muted">→ <a class="quiet" href={link.url} target="_blank" rel="noopener noreferrer">{link.url}</a></span>
      </p>
      <p class="chips">
        <Status link={link} />
        {link.hasPassword && <span class="chip still">{t.links.protected}</span>}
        {link.tags.map((tag) => <a key={tag} class="chip" href={`/app/links?tag=${encodeURIComponent(tag)}`}>{tag}</a>)}
        <span class="muted minor">{m.links.created(day(link.createdAt))}</span>
      </p>
      {link.note && <p class="note">{link.note}</p>}
    </div>
  );
}

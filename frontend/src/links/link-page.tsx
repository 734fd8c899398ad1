import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call, Failure } from '../lib/client';
import { bare, day, isoDay } from '../lib/format';
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
import { chosen, period, type Range } from './range';
import { RangeForm } from './range-form';
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
  const query = address.value.searchParams;
  const own = chosen(query);
  const asking = useSignal(Boolean(own));
  const range = (Object.keys(m.links.ranges) as Range[]).find((one) => one === query.get('range')) ?? 'month';
  const choose = (one: Range | 'own'): void => {
    asking.value = one === 'own';
    if (one !== 'own') setQuery({ range: one === 'month' ? '' : one });
  };
  return (
    <div class="link-page">
      <p class="crumbs muted"><a href="/app/links">{t.links.title}</a> / {code}</p>
      {link.value && !(failure.value?.status === 404)
        ? (
          <Page title={link.value.title || bare(link.value.shortUrl)} aside={<Actions link={link.value} />}>
            <Head link={link.value} />
            <div class="top">
              <Segments label={m.links.range} options={{ ...m.links.ranges, own: m.links.ownRange }} value={asking.value ? 'own' : range} onChange={choose} />
            </div>
            {asking.value && <RangeForm shown={own} first={isoDay(link.value.createdAt)} />}
            <Statistics key={own ? `${own.from} ${own.to} ${own.tz}` : range} link={link.value} period={() => own ?? period(range)} />
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

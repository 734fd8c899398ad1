import { bare, dateTime, number, relativeDay } from '../lib/format';
import { setQuery } from '../lib/router';
import { CopyButton } from '../parts/copy-button';
import { Menu } from '../parts/menu';
import { may } from '../session/session';
import { t } from '../text';
import { restore } from './actions';
import type { Link } from './draft';
import { actionsOf, pageOf } from './menu';
import { open } from './open';
import { Status } from './status';

interface Props {
  link: Link;
  selected: boolean;
  onSelect: (selected: boolean) => void;
}

/** A link in the list, which is a card on phones. */
export function Row({ link, selected, onSelect }: Props) {
  const short = bare(link.shortUrl);
  const deleted = link.status === 'deleted';
  return (
    <tr class={link.status === 'active' ? '' : 'off'}>
      {may('links:write') && <td class="pick"><label><input type="checkbox" checked={selected} aria-label={t.links.select(short)} onChange={(event) => onSelect(event.currentTarget.checked)} /></label></td>}
      <td class="about">
        <a class="short" href={link.shortUrl} target="_blank" rel="noopener">{short}</a>{' '}
        {link.title && <a class="title" href={pageOf(link)}>{link.title}</a>}
        <span class="where" title={link.url}>→ {link.url}</span>
        <span class="chips">
          <Status link={link} />
          {link.hasPassword && <span class="chip still">{t.links.protected}</span>}
          {link.tags.map((tag) => <button key={tag} type="button" class="chip" onClick={() => setQuery({ tag })}>{tag}</button>)}
        </span>
      </td>
      <td class="clicks number">
        {deleted ? number(link.clicks) : <a href={pageOf(link)} aria-label={t.links.clicks(number(link.clicks), link.clicks === 1)} data-clicks={link.code}>{number(link.clicks)}</a>}
      </td>
      <td class="created muted" title={dateTime(link.createdAt)}>{relativeDay(link.createdAt)}</td>
      <td class="acts">
        {deleted
          ? may('links:write') && <button type="button" class="small" onClick={() => restore(link)}>{t.links.restore}</button>
          : <CopyButton class="small" text={link.shortUrl} what={short} />}
        {!deleted && <button type="button" class="small plain" aria-label={t.links.qrOf(short)} onClick={() => open('qr', link)}>{t.links.qr}</button>}
        <Menu small label={t.links.moreOf(short)} actions={actionsOf(link)} />
      </td>
    </tr>
  );
}

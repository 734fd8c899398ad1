import { bare } from '../lib/format';
import { CopyButton } from '../parts/copy-button';
import { may } from '../session/session';
import { m } from '../text';
import type { Image } from './queue';

/** The short link to the image, if it has one. */
export function ShortLink({ image: { shortUrl, alt, filename } }: { image: Image }) {
  return (
    <section class="card stack" aria-labelledby="short-link">
      <h2 id="short-link">{m.images.shortLinkTitle}</h2>
      {shortUrl
        ? (
          <>
            <p><a class="short" href={shortUrl} target="_blank" rel="noopener">{bare(shortUrl)}</a></p>
            <div class="row">
              <CopyButton text={shortUrl} what={m.images.linkTo(alt || filename)} />
              {may('links:read') && <a class="button plain" href={`/app/links/${new URL(shortUrl).pathname.slice(1)}`}>{m.images.statistics}</a>}
            </div>
          </>
        )
        : <p class="muted">{m.images.noShortLink}</p>}
    </section>
  );
}

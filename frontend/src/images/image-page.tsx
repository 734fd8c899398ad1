import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { dateTime } from '../lib/format';
import { go } from '../lib/router';
import { Empty } from '../parts/empty';
import { Failed } from '../parts/failed';
import { Page } from '../parts/page';
import { Skeleton } from '../parts/skeleton';
import { may } from '../session/session';
import { m, t } from '../text';
import { Edit } from './edit';
import { Embed } from './embed';
import { size } from './file';
import type { Image } from './queue';
import { removeSoon } from './removal';
import { ShortLink } from './short-link';
import { Sizes } from './sizes';
import { useImage } from './use-image';
import './images.css';

/** The page of an image: its description, its focus, its sizes, and how to embed it. */
export function ImagePage({ id = '' }: Record<string, string>) {
  const { state, refresh, set } = useImage(id);
  const { image, failure } = state.value;
  if (failure?.status === 404) {
    return <Page title={t.images.title}><Empty title={m.images.missing}><p>{m.images.missingText}</p><a class="button" href="/app/images">{m.images.all}</a></Empty></Page>;
  }
  if (!image) return <Page title={t.images.title}>{failure ? <Failed failure={failure} again={refresh} /> : <Skeleton />}</Page>;
  return <Shown image={image} set={set} />;
}

function Shown({ image, set }: { image: Image; set: (image: Image) => void }) {
  const alt = useSignal(image.alt);
  const savedAlt = useSignal(image.alt);
  useEffect(() => { // changed elsewhere: keep the input
    if (alt.value === savedAlt.value) alt.value = image.alt;
    savedAlt.value = image.alt;
  }, [image.alt]);
  const remove = (): void => {
    removeSoon(image.id, image.alt || image.filename);
    go('/app/images');
  };
  const aside = may('images:write') && <button type="button" class="danger" onClick={remove}>{m.images.delete}</button>;
  return (
    <>
      <p class="crumbs muted"><a href="/app/images">{t.images.title}</a> / {image.filename}</p>
      <Page title={image.alt || image.filename} aside={aside}>
        <p class="muted minor image-facts">
          {image.width !== undefined && <span class="number">{image.width} × {image.height}, </span>}<span class="number">{size(image.bytes)}</span>, {m.images.uploaded(dateTime(image.createdAt))}
        </p>
        {image.status === 'ready'
          ? (
            <div class="stack">
              <Edit image={image} alt={alt} set={set} />
              <div class="image-columns">
                <Embed image={image} alt={alt.value.trim()} />
                <ShortLink image={image} />
              </div>
              <Sizes image={image} />
            </div>
          )
          : <NotReady image={image} />}
      </Page>
    </>
  );
}

function NotReady({ image }: { image: Image }) {
  if (image.status === 'failed') return <Empty title={m.images.notProcessed}><p>{image.error?.message}</p></Empty>;
  if (image.status === 'pending') return <Empty title={m.images.pending}><p>{m.images.pendingText}</p></Empty>;
  return <Empty title={m.images.processing}><span class="frame busy wait" /></Empty>;
}

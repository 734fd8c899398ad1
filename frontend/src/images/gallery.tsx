import { useEffect } from 'preact/hooks';
import { call } from '../lib/client';
import { useList } from '../lib/list';
import { Empty } from '../parts/empty';
import { ListState } from '../parts/list-state';
import { m } from '../text';
import { Card } from './card';
import { follow, processing, uploads, type Image } from './queue';
import { removed } from './removal';

const PAGE = 24;
const SOON = 120_000; // milliseconds after an upload in which the image is expected to change

/** Whether an image is expected to change soon. */
export const changing = ({ status, renewing, createdAt }: Image): boolean =>
  !!renewing || ((status === 'pending' || status === 'processing') && Date.now() - Date.parse(createdAt) < SOON);

/** The images, newest first. Those that are still being uploaded are in the queue. */
export function Gallery() {
  const list = useList<Image>('images', {
    topic: 'images',
    load: (cursor, etag) => call('get', '/api/images', { query: { limit: PAGE, cursor }, etag }),
    id: ({ id }) => id,
    soon: (items) => processing() || items.some(changing),
  });
  const items = list.state.value.items;
  useEffect(() => { if (items) void follow(items); }, [list.state.value]);
  const queued = new Set(uploads.value.filter(({ step }) => step.value !== 'ready').map(({ id }) => id.value));
  const shown = (all: Image[]): Image[] => all.filter(({ id }) => !removed.value.has(id) && !queued.has(id));
  return (
    <section aria-label={m.images.gallery}>
      <ListState list={list} empty={<None />}>
        {(all) => (shown(all).length || list.state.value.next
          ? <ul class="gallery">{shown(all).map((image) => <Card key={image.id} image={image} />)}</ul>
          : uploads.value.length === 0 && <None />)}
      </ListState>
    </section>
  );
}

const None = () => <Empty title={m.images.none}><p>{m.images.noneText}</p></Empty>;

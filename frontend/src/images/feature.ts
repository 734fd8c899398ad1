import type { Feature } from '../lib/feature';
import { lazy } from '../lib/lazy';
import { t } from '../text';
import './receive';

export const images: Feature = {
  href: '/app/images',
  label: () => t.images.title,
  scopes: ['images:read', 'images:write'],
  key: 'i',
  tab: true,
  pages: [
    { pattern: '/app/images', page: lazy(async () => (await import('./images-page')).ImagesPage) },
    { pattern: '/app/images/:id', page: lazy(async () => (await import('./image-page')).ImagePage) },
  ],
};

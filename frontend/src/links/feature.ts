import type { Feature } from '../lib/feature';
import { lazy } from '../lib/lazy';
import { t } from '../text';
import { LinksPage } from './links-page';

export const links: Feature = {
  href: '/app/links',
  label: () => t.links.title,
  scopes: ['links:read', 'links:write'],
  key: 'l',
  shortcuts: () => [['c', t.links.keyNew], ['/', t.links.search]],
  tab: true,
  pages: [
    { pattern: '/app/links', page: LinksPage },
    { pattern: '/app/links/:code', page: lazy(async () => (await import('./link-page')).LinkPage) },
  ],
};

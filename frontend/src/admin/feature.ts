import type { Feature } from '../lib/feature';
import { lazy } from '../lib/lazy';
import { t } from '../text';

export const admin: Feature = {
  href: '/app/admin',
  label: () => t.admin.title,
  scopes: ['admin'],
  tab: false,
  pages: [{ pattern: '/app/admin', page: lazy(async () => (await import('./admin-page')).AdminPage) }],
};

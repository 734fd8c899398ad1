import type { Feature } from '../lib/feature';
import { lazy } from '../lib/lazy';
import { t } from '../text';

export const settings: Feature = {
  href: '/app/settings',
  label: () => t.settings.title,
  scopes: [],
  tab: false,
  pages: [{ pattern: '/app/settings', page: lazy(async () => (await import('./settings')).Settings) }],
};

import type { Feature } from '../lib/feature';
import { lazy } from '../lib/lazy';
import { t } from '../text';

export const keys: Feature = {
  href: '/app/keys',
  label: () => t.apiKeys.title,
  scopes: ['keys:read', 'keys:write'],
  key: 'k',
  tab: false,
  pages: [{ pattern: '/app/keys', page: lazy(async () => (await import('./keys-page')).KeysPage) }],
};

import type { Feature } from '../lib/feature';
import { apiKey } from '../lib/client';
import { lazy } from '../lib/lazy';
import { people } from '../session/session';
import { t } from '../text';

export const spaces: Feature = {
  href: '/app/spaces',
  label: () => t.spaces.title,
  scopes: [],
  shown: () => people.value && !apiKey(), // a key belongs to one space
  key: 'p',
  tab: false,
  pages: [
    { pattern: '/app/spaces', page: lazy(async () => (await import('./pages')).SpacesPage) },
    { pattern: '/app/spaces/:id', page: lazy(async () => (await import('./pages')).SpacePage) },
    { pattern: '/app/invitation', page: lazy(async () => (await import('./pages')).InvitationPage) },
  ],
};

import type { Feature } from '../lib/feature';
import { lazy } from '../lib/lazy';
import { t } from '../text';

export const reports: Feature = {
  href: '/app/reports',
  label: () => t.reports.title,
  scopes: ['reports:read', 'reports:write'],
  key: 'r',
  tab: true,
  pages: [
    { pattern: '/app/reports', page: lazy(async () => (await import('./reports-page')).ReportsPage) },
    { pattern: '/app/reports/:id', page: lazy(async () => (await import('./report-page')).ReportPage) },
  ],
};

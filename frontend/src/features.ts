// The parts of the site. To remove a part, delete its folder and its two lines here.
import type { Feature } from './lib/feature';
import { admin } from './admin/feature';
import { images } from './images/feature';
import { keys } from './keys/feature';
import { links } from './links/feature';
import { reports } from './reports/feature';
import { settings } from './settings/feature';
import { spaces } from './spaces/feature';

export const features: Feature[] = [
  links,
  images,
  reports,
  keys,
  spaces,
  admin,
  settings,
];

/** The page that people see first. */
export const start = features[0]?.href ?? '/';

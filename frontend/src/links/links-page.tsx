import { Page } from '../parts/page';
import { t } from '../text';

/** The list of links. */
export function LinksPage() {
  return <Page title={t.links.title}><p /></Page>;
}

import { Page } from '../parts/page';
import { t } from '../text';
import { Account } from './account';
import { Browser } from './browser';
import './settings.css';

/** The account, and the preferences of this browser. */
export function Settings() {
  return (
    <Page title={t.settings.title}>
      <div class="stack settings">
        <Account />
        <Browser />
      </div>
    </Page>
  );
}

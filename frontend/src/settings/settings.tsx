import { Page } from '../parts/page';
import { t } from '../text';
import { Account } from './account';
import { Browser } from './browser';
import { Sessions } from './sessions';
import './settings.css';

/** The account, its sessions, and the preferences of this browser. */
export function Settings() {
  return (
    <Page title={t.settings.title}>
      <div class="stack settings">
        <Account />
        <Sessions />
        <Browser />
      </div>
    </Page>
  );
}

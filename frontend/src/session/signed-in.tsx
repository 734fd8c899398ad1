import { useEffect } from 'preact/hooks';
import { changed } from '../lib/tabs';
import { Page } from '../parts/page';
import { m } from '../text';

/** Where a sign-in in a second window ends: the first one goes on where it was. */
export function SignedIn() {
  useEffect(() => {
    changed('session');
    window.close(); // only what a page has opened may close itself
  }, []);
  return <Page title={m.session.done}><p>{m.session.doneText}</p></Page>;
}

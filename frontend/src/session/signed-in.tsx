import { useEffect } from 'preact/hooks';
import { changed } from '../lib/tabs';
import { Page } from '../parts/page';
import { m } from '../text';

/** The last page of a sign-in in a second window. The first window continues where it was. */
export function SignedIn() {
  useEffect(() => {
    changed('session');
    window.close(); // works only for windows that a page has opened
  }, []);
  return <Page title={m.session.done}><p>{m.session.doneText}</p></Page>;
}

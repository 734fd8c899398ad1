import { Page } from '../parts/page';

/** A link. */
export function LinkPage({ code = '' }: Record<string, string>) {
  return <Page title={code}><p /></Page>;
}

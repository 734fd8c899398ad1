import { features } from '../features';
import { may, me } from '../session/session';
import { m } from '../text';
import type { Scope } from './key';

export interface Group {
  label: string;
  scopes: { scope: Scope; label: string }[];
}

/** The scopes that the caller may give to a key, by the part of the site that they are for. */
export function grantable(): Group[] {
  const groups = features.map(({ label, scopes }) => ({
    label: label(),
    scopes: scopes.filter((scope) => scope.includes(':') && may(scope)).map((scope) => ({ scope: scope as Scope, label: scope.endsWith(':write') ? m.apiKeys.write : m.apiKeys.read })),
  }));
  if (me.value?.scopes.includes('admin')) groups.push({ label: m.apiKeys.admin, scopes: [{ scope: 'admin', label: m.apiKeys.everything }] });
  return groups.filter(({ scopes }) => scopes.length);
}

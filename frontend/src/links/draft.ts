// The contents of a link's fields, and the requests made from them.
import type { Schemas } from '../lib/client';
import { fromField, toField } from '../lib/zoned';

export type Link = Schemas['Link'];

export interface Draft {
  url: string;
  code: string;
  title: string;
  note: string;
  tags: string;
  expiresAt: string;
  notBefore: string;
  expiredUrl: string;
  maxClicks: string;
  password: string;
  removePassword: boolean;
  private: boolean;
  redirect: string;
  forwardQuery: boolean;
  utm: Record<string, string>;
}

/** The fields that show the server's errors. */
export const draftFields = ['url', 'code', 'title', 'note', 'tags', 'expiresAt', 'notBefore', 'expiredUrl', 'maxClicks', 'password', 'redirect'] as const;

export const utmFields = ['source', 'medium', 'campaign', 'term', 'content'] as const;

export const emptyDraft = (): Draft => ({
  url: '', code: '', title: '', note: '', tags: '', expiresAt: '', notBefore: '', expiredUrl: '', maxClicks: '', password: '', removePassword: false, private: false, redirect: '302', forwardQuery: false, utm: {},
});

/** The contents of the fields for a link. */
export function draftOf(link: Link): Draft {
  return {
    ...emptyDraft(),
    url: link.url,
    code: link.code,
    title: link.title,
    note: link.note,
    tags: link.tags.join(', '),
    expiresAt: toField(link.expiresAt),
    notBefore: toField(link.notBefore),
    expiredUrl: link.expiredUrl ?? '',
    maxClicks: link.maxClicks === null ? '' : String(link.maxClicks),
    private: link.private,
    redirect: String(link.redirect),
    forwardQuery: link.forwardQuery === 'merge',
    utm: { ...link.utm },
  };
}

/** The request that creates a link. Empty fields are left out. */
export function newLink(draft: Draft): Schemas['NewLink'] {
  const { url, ...rest } = complete(draft);
  const given = Object.entries(rest).filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && !value.length));
  return { url, ...Object.fromEntries(given), ...(draft.private && { private: true }), ...(draft.password && { password: draft.password }) };
}

/** The request that changes a link by the differences between two drafts. */
export function linkEdit(before: Draft, after: Draft): Schemas['LinkEdit'] {
  const [from, to] = [complete(before), complete(after)];
  const changed = (Object.keys(to) as (keyof typeof to)[]).filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]));
  const edit: Schemas['LinkEdit'] = Object.fromEntries(changed.map((name) => [name, to[name]]));
  if (after.removePassword) edit.password = null;
  else if (after.password) edit.password = after.password;
  return edit;
}

/** Applies the changes that were made to one version of a link to another version. */
export function carryOver(before: Draft, changed: Draft, now: Draft): Draft {
  const names = (Object.keys(now) as (keyof Draft)[]).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(changed[name]));
  return { ...now, ...Object.fromEntries(names.map((name) => [name, changed[name]])) };
}

export const splitTags = (text: string): string[] => [...new Set(text.split(',').map((tag) => tag.trim()).filter(Boolean))];

function complete(draft: Draft) {
  const utm = Object.fromEntries(utmFields.map((name) => [name, draft.utm[name]?.trim()]).filter(([, value]) => value));
  return {
    url: draft.url.trim(),
    code: draft.code.trim(),
    title: draft.title.trim(),
    note: draft.note.trim(),
    tags: splitTags(draft.tags),
    expiresAt: fromField(draft.expiresAt),
    notBefore: fromField(draft.notBefore),
    expiredUrl: draft.expiredUrl.trim() || null,
    maxClicks: draft.maxClicks.trim() ? Number(draft.maxClicks) : null,
    redirect: Number(draft.redirect) as Schemas['Redirect'],
    forwardQuery: (draft.forwardQuery ? 'merge' : 'off') as Schemas['ForwardQuery'],
    utm: Object.keys(utm).length ? utm : null,
  };
}

import { useEffect, useRef } from 'preact/hooks';
import { useKeys } from '../lib/keys';
import { address, setQuery } from '../lib/router';
import { t } from '../text';

export interface Filter {
  q: string;
  tag: string;
  status: string;
  sort: string;
}

/** The filter in the page's address. */
export function filterOf(): Filter {
  const query = address.value.searchParams;
  const get = (name: string): string => query.get(name) ?? '';
  return { q: get('q'), tag: get('tag'), status: get('status'), sort: get('sort') };
}

const seen = new Set<string>();
const WAIT = 300;

/** Search, tag, status and order of the list, which are in the page's address. The tags are those of the links shown so far. */
export function Filters({ filter, tags }: { filter: Filter; tags: string[] }) {
  const search = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  useKeys({ '/': () => search.current?.focus() });
  useEffect(() => {
    const field = search.current;
    if (field && field !== document.activeElement) field.value = filter.q;
  }, [filter.q]);
  for (const tag of [...tags, filter.tag]) if (tag) seen.add(tag);
  const set = (change: Partial<Filter>): void => {
    clearTimeout(timer.current);
    setQuery({ ...filter, q: search.current?.value.trim() ?? '', ...change });
  };
  const select = (name: 'tag' | 'status' | 'sort', label: string, options: [string, string][]) => (
    <select aria-label={label} value={filter[name]} onChange={(event) => set({ [name]: event.currentTarget.value })}>
      {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
    </select>
  );
  return (
    <form class="filters" role="search" onSubmit={(event) => { event.preventDefault(); set({}); }}>
      <input ref={search} type="search" aria-label={t.links.search} placeholder={t.links.searchPlaceholder} maxLength={200} onInput={() => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => set({}), WAIT);
      }} />
      {select('tag', t.links.tag, [['', t.links.allTags], ...[...seen].sort().map((tag): [string, string] => [tag, tag])])}
      {select('status', t.links.status, Object.entries(t.links.statuses))}
      {select('sort', t.links.sort, Object.entries(t.links.sorts))}
    </form>
  );
}

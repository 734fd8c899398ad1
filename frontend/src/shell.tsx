import { useSignal } from '@preact/signals';
import { features, start } from './features';
import { apiKey, space, spaceName } from './lib/client';
import { useKeys } from './lib/keys';
import { lazy } from './lib/lazy';
import { address, go, match } from './lib/router';
import { Empty } from './parts/empty';
import { Logo } from './parts/logo';
import { Menu, type Action } from './parts/menu';
import { Page } from './parts/page';
import { Toasts } from './parts/toasts';
import { Banners } from './session/banners';
import { offered } from './session/fragment';
import { may, me, phase, signOut } from './session/session';
import { t } from './text';

const Help = lazy(async () => (await import('./help')).Help);
const OfferedKey = lazy(async () => (await import('./session/offered-key')).OfferedKey);
const SignIn = lazy(async () => (await import('./session/sign-in')).SignIn);
const SignedIn = lazy(async () => (await import('./session/signed-in')).SignedIn);

const allowed = () => features.filter(({ scopes, shown }) => (!scopes.length || scopes.some(may)) && (shown?.() ?? true));

/** The whole site. */
export function Shell() {
  return (
    <>
      {phase.value === 'starting' && <main id="main" class="welcome"><Banners /></main>}
      {phase.value === 'out' && <SignIn />}
      {(phase.value === 'in' || phase.value === 'expired') && <Frame />}
      {offered.value && <OfferedKey />}
      <Toasts />
    </>
  );
}

function Frame() {
  const helping = useSignal(false);
  const keys: Record<string, () => void> = { '?': () => { helping.value = true; } };
  for (const { key, href } of allowed()) if (key) keys[`g ${key}`] = () => go(href);
  useKeys(keys);
  return (
    <div class="app">
      <a class="skip" href="#main">{t.app.skip}</a>
      <nav class="rail" aria-label={t.app.main}>
        <a class="brand" href={start}><Logo /> {t.app.name}</a>
        <ul>{allowed().map(({ href, label }) => <li key={href}><a href={href} aria-current={current(href)}>{label()}</a></li>)}</ul>
        <div class="rail-end">
          {!apiKey() && space() && <a href={`/app/spaces/${space()}`}>{spaceName()}</a>}
          <span>{me.value?.email ?? me.value?.owner ?? t.app.signedInWithKey}</span>
          <button type="button" class="as-link" onClick={() => signOut()}>{apiKey() ? t.app.forgetKey : t.app.signOut}</button>
          <button type="button" class="as-link" onClick={() => { helping.value = true; }}>{t.app.shortcuts} <kbd>?</kbd></button>
        </div>
      </nav>
      <main id="main">
        <Banners />
        <Current />
      </main>
      <nav class="tabs" aria-label={t.app.main}><ul>
        {allowed().filter(({ tab }) => tab).map(({ href, label }) => <li key={href}><a href={href} aria-current={current(href)}>{label()}</a></li>)}
        <li><Menu label={t.app.more} text={t.app.more} actions={others()} current={allowed().some(({ tab, href }) => !tab && current(href))} /></li>
      </ul></nav>
      {helping.value && <Help features={allowed()} onClose={() => { helping.value = false; }} />}
    </div>
  );
}

function current(href: string): 'page' | undefined {
  const { pathname } = address.value;
  return pathname === href || pathname.startsWith(`${href}/`) ? 'page' : undefined;
}

/** What the rail has and the bar at the bottom of narrow windows has no room for. */
function others(): Action[] {
  const pages = allowed().filter(({ tab }) => !tab).map(({ href, label }) => ({ label: label(), act: () => go(href) }));
  return [...pages, { label: apiKey() ? t.app.forgetKey : t.app.signOut, act: () => { void signOut(); } }];
}

/** The page at the current address. */
function Current() {
  const { pathname } = address.value;
  if (pathname === '/app/signed-in') return <SignedIn />;
  for (const { pages } of features) {
    for (const { pattern, page: Found } of pages) {
      const parameters = match(pattern, pathname);
      if (parameters) return <Found key={JSON.stringify(parameters) + pattern} {...parameters} />;
    }
  }
  return (
    <Page title={t.app.notFound}>
      <Empty title={t.app.notFoundText}><a class="button" href={start}>{t.app.toStart}</a></Empty>
    </Page>
  );
}

import './style/tokens.css';
import './style/base.css';
import './parts/parts.css';
import './session/session.css';
import { render } from 'preact';
import { start as home } from './features';
import { watchRelease } from './lib/release';
import { address, go } from './lib/router';
import { takeKey } from './session/fragment';
import { phase, start } from './session/session';
import { Shell } from './shell';
import { loadText } from './text';

async function main(): Promise<void> {
  takeKey();
  await loadText();
  // The start page is for people who are not signed in.
  phase.subscribe((now) => { if (now === 'in' && !/^\/app\/./.test(address.peek().pathname)) go(home, 'replace'); });
  render(<Shell />, document.getElementById('app')!);
  watchRelease();
  await start();
}

void main();

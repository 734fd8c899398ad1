import { Failure } from './client';

const EVERY = 10_000;
const SOON = 1000;
const QUIET = 60_000;
const QUIET_AFTER = 5 * 60_000;
const LONGEST = 5 * 60_000;

export interface Poll {
  /** Runs the task now, and counts the time from here. */
  now(): void;
  stop(): void;
}

/**
 * Runs a task every ten seconds while the page is visible; every minute once nothing has changed and nobody has done anything
 * for five minutes; every second while `soon`, because a change is expected; less and less often while it fails. The task returns
 * whether something has changed.
 */
export function poll(task: () => Promise<boolean>, soon: () => boolean = () => false): Poll {
  let timer = 0;
  let failed = 0;
  let stopped = false;
  let running = false;
  let again = false; // asked for while it was running
  let lastChange = Date.now();
  const active = (): void => { lastChange = Date.now(); };
  const visible = (): void => { if (document.visibilityState === 'visible') run(); };

  async function run(): Promise<void> {
    clearTimeout(timer);
    again = running;
    if (running || stopped || document.visibilityState !== 'visible') return;
    running = true;
    let wait = 0;
    try {
      if (await task()) active();
      failed = 0;
    } catch (error) {
      failed++;
      wait = error instanceof Failure ? error.retryAfter * 1000 : 0;
    }
    running = false;
    if (stopped) return;
    if (again) return void run();
    const usual = soon() ? SOON : Date.now() - lastChange > QUIET_AFTER ? QUIET : EVERY;
    timer = setTimeout(run, Math.max(wait, Math.min(usual * 2 ** failed, LONGEST)));
  }

  addEventListener('visibilitychange', visible);
  addEventListener('online', visible);
  addEventListener('pointerdown', active);
  addEventListener('keydown', active);
  run();
  return {
    now: () => { failed = 0; active(); run(); },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      removeEventListener('visibilitychange', visible);
      removeEventListener('online', visible);
      removeEventListener('pointerdown', active);
      removeEventListener('keydown', active);
    },
  };
}

import { Failure } from './client';

const EVERY = 10_000;
const SOON = 1000;
const QUIET = 60_000;
const QUIET_AFTER = 5 * 60_000;
const LONGEST = 5 * 60_000;

export interface Poll {
  /** Runs the task now, and restarts the interval. */
  now(): void;
  stop(): void;
}

/**
 * Runs a task every ten seconds while the page is visible. The interval is one minute after five minutes without changes and input,
 * one second while `soon` returns true because a change is expected, and grows while the task fails. The task returns whether
 * something has changed.
 */
export function poll(task: () => Promise<boolean>, soon: () => boolean = () => false): Poll {
  let timer = 0;
  let failed = 0;
  let stopped = false;
  let running = false;
  let again = false; // requested while it was running
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

import { playChain, type ChainOutcome, type ChainScenario } from './world.ts';

/** A scale set with jobs, where one process is killed at one request. */
export interface CrashPoint {
  readonly mode: string;
  readonly lag: number;
  readonly crashAt?: number;
  readonly crashAfter?: boolean;
  readonly killListenerAt?: number;
}

const LAGS = [0, 1];

/** Every request of the controllers, before and after it, and every request of the listener, with caches that lag behind and not. */
export function* crashPoints(modes: readonly string[]): Generator<CrashPoint> {
  for (const mode of modes) {
    for (const lag of LAGS) {
      // How long the undisturbed run is, so that every point of it is met and none behind its end.
      const { requests, listenerRequests } = playCrashPoint({ mode, lag });
      for (let crashAt = 0; crashAt < requests; crashAt++) {
        for (const crashAfter of [false, true]) yield { mode, lag, crashAt, crashAfter };
      }
      for (let killListenerAt = 0; killListenerAt < listenerRequests; killListenerAt++) {
        yield { mode, lag, killListenerAt };
      }
    }
  }
}

export function playCrashPoint({ lag, ...point }: CrashPoint): ChainOutcome {
  const scenario: ChainScenario = { seed: 1, minRunners: 1, maxRunners: 2, jobs: 2, strategies: [], ...point };
  return playChain({ ...scenario, view: { lag, duplicate: undefined } });
}

export function describeCrashPoint({ mode, lag, crashAt, crashAfter, killListenerAt }: CrashPoint): string {
  const when = crashAfter === true ? 'after' : 'before';
  const what =
    killListenerAt === undefined
      ? `controllers killed ${when} request ${crashAt}`
      : `listener killed at its request ${killListenerAt}`;
  return `${mode}, lag ${lag}, ${what}`;
}

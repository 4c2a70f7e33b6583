import { play, type Outcome, type Scenario } from './world.ts';

export interface Interleaving {
  readonly mode: string;
  readonly runners: number;
  /** Request at which the process is killed. */
  readonly crashAt: number;
  readonly crashAfter: boolean;
  readonly lag: number;
  /** Event that comes twice. */
  readonly duplicate: number | undefined;
}

export const MOST_LAG = 5;

/** Every combination of crash point, cache lag and duplicate event for this many runners. */
export function* interleavings(runners: number, modes: readonly string[]): Generator<Interleaving> {
  for (const mode of modes) {
    for (let lag = 0; lag <= MOST_LAG; lag++) {
      // How long the undisturbed run is, so that every point of it is met and none behind its end.
      const { requests, watchEvents } = play(scenarioOf({ mode, runners, lag, duplicate: undefined }));
      for (let crashAt = 0; crashAt < requests; crashAt++) {
        for (const crashAfter of [false, true]) {
          for (let duplicate = -1; duplicate < watchEvents; duplicate++) {
            const twice = duplicate < 0 ? undefined : duplicate;
            yield { mode, runners, crashAt, crashAfter, lag, duplicate: twice };
          }
        }
      }
    }
  }
}

export function playInterleaving(interleaving: Interleaving): Outcome {
  return play(scenarioOf(interleaving));
}

export function describeInterleaving(i: Interleaving): string {
  const when = i.crashAfter ? 'after' : 'before';
  return `${i.mode}, ${i.runners} runners, killed ${when} request ${i.crashAt}, lag ${i.lag}, event ${i.duplicate ?? 'none'} twice`;
}

function scenarioOf({
  mode,
  runners,
  lag,
  duplicate,
  ...crash
}: Pick<Interleaving, 'mode' | 'runners' | 'lag' | 'duplicate'> & Partial<Interleaving>): Scenario {
  return { seed: 1, mode, runners, workers: 2, strategies: [], view: { lag, duplicate }, ...crash };
}

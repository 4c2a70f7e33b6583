import { spreadOf, type Spread } from '../analysis/spread.ts';
import type { RunFigures } from '../run/run-spec.ts';
import type { RunSettings } from '../run/settings.ts';

/** What a setting does to a load, over several seeds. Times are microseconds after the first runner was asked for. */
export interface Outcome {
  readonly settings: RunSettings;
  /** One for each seed. */
  readonly runs: readonly RunFigures[];
  /** When the last runner got its pod, and when 95 of 100 had theirs; infinite where a runner got none. */
  readonly lastUs: Spread;
  readonly p95Us: Spread;
  /** The most requests to Kubernetes within one second. */
  readonly requestsASecond: Spread;
}

export function outcomeOf(settings: RunSettings, runs: readonly RunFigures[]): Outcome {
  return {
    settings,
    runs,
    lastUs: spreadOf(runs.map(lastUsOf)),
    p95Us: spreadOf(runs.map((run) => (isWhole(run) ? (run.statistics.p95PodUs ?? Infinity) : Infinity))),
    requestsASecond: spreadOf(runs.map(({ mostRequestsASecond }) => mostRequestsASecond)),
  };
}

export function lastUsOf(run: RunFigures): number {
  return isWhole(run) ? (run.statistics.lastPodUs ?? Infinity) : Infinity;
}

/** After which time a run was ended in which runners had no pods yet; undefined where none was. */
export function cutOffUsOf({ runs }: Outcome): number | undefined {
  return runs.flatMap((run) => (run.end.kind === 'cut-off' && !isWhole(run) ? [run.end.afterUs] : []))[0];
}

/** Of a run that was ended before, the last pod is not the last. */
function isWhole({ statistics, settings }: RunFigures): boolean {
  return statistics.runnersWithPod >= settings.runners;
}

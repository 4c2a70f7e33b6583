import { durationUs, type Burst } from '../evidence/bursts.ts';
import type { Reading } from '../evidence/reading.ts';
import type { RunnerHistory } from '../evidence/runner-history.ts';
import type { Seen } from '../evidence/seen.ts';
import type { Wave } from '../run/run-target.ts';
import { placesOf, type Curves } from './curves.ts';

/** Creations further apart than this were not asked for at once. */
const APART_US = 2e6;

/** The first runner is created this long, at most, after its set's controller begins to make runners. */
const BEFORE_US = 1e6;

/** A burst as a log shows it. Times are microseconds since its beginning. */
export interface Observed {
  readonly curves: Curves;
  /** Those of the runners whose whole way to the pod the log shows. */
  readonly complete: Curves;
  /** The same with places in the order of the lines, as `placesOf` gives them; undefined where their order is not known. */
  readonly places: Curves | undefined;
  /** How its runners were asked for. */
  readonly waves: readonly Wave[];
  /** Whether the controller of sets made the runners, as the log then shows. */
  readonly isThroughSet: boolean;
  readonly endUs: number;
  /** How coarse the clock is: a moment lies between its stamp and that much later. */
  readonly clockUs: number;
  /** The median time from a pod's creation to its running; undefined where none ran. */
  readonly podStartUs: number | undefined;
}

export function observedIn(reading: Reading, burst: Burst): Observed {
  const runners = [...burst.runners, ...burst.waiting];
  const startUs = burst.start.at.us;
  const sinceStart = ({ at }: Seen): number => at.us - startUs;
  const curves = curvesOf(runners, sinceStart);
  const complete = runners.filter(isComplete);
  const isOrdered = complete.every(({ first, last }) => first.source === burst.start.source && first.line <= last.line);
  const starts = burst.runners.flatMap(({ milestones }) => {
    const [pod, running] = [milestones.get('podCreated'), milestones.get('running')];
    return pod === undefined || running === undefined ? [] : [running.at.us - pod.at.us];
  });
  const scaleUps = scaleUpsIn(reading, burst, runners.length);
  return {
    curves,
    complete: curvesOf(complete, sinceStart),
    places: isOrdered ? placesOf(curvesOf(complete, ({ line }) => line)) : undefined,
    waves: scaleUps ?? wavesOf(curves.created, runners.length),
    isThroughSet: scaleUps !== undefined,
    endUs: durationUs(burst),
    clockUs: runners.reduce((coarsest, { first }) => Math.max(coarsest, first.at.withinUs + 1), 1),
    podStartUs: middle(starts),
  };
}

function curvesOf(runners: readonly RunnerHistory[], value: (seen: Seen) => number): Curves {
  const times = (when: (runner: RunnerHistory) => Seen | undefined): number[] =>
    sorted(
      runners.flatMap((runner) => {
        const seen = when(runner);
        return seen === undefined ? [] : [value(seen)];
      }),
    );
  return {
    created: times(({ milestones }) => milestones.get('created')),
    asked: times(askedFor),
    registered: times(({ milestones }) => milestones.get('registered')),
    secret: times(({ milestones }) => milestones.get('secret')),
    pod: times(({ milestones }) => milestones.get('podCreated')),
  };
}

function askedFor({ way }: RunnerHistory): Seen | undefined {
  return way.find(({ doing }) => doing === 'jit');
}

function isComplete(runner: RunnerHistory): boolean {
  const { milestones } = runner;
  return (
    askedFor(runner) !== undefined &&
    (['registered', 'secret', 'podCreated'] as const).every((each) => milestones.has(each))
  );
}

/** The middle one of some values, the lower of two. */
export function middle(values: readonly number[]): number | undefined {
  return sorted(values)[(values.length - 1) >> 1];
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** Undefined where they do not add up to the runners that were made. */
function scaleUpsIn({ scaleUps }: Reading, { start, lastPod }: Burst, runners: number): Wave[] | undefined {
  const waves = scaleUps
    .filter(({ at }) => at.us >= start.at.us - BEFORE_US && at.us <= lastPod.at.us)
    .map(({ at, runners: wanted }) => ({ atUs: Math.max(0, at.us - start.at.us), runners: wanted }));
  return waves.reduce((sum, { runners: wanted }) => sum + wanted, 0) === runners ? waves : undefined;
}

/** Where nobody says when runners were asked for, it is when they were made, or all at once. */
function wavesOf(created: readonly number[], runners: number): Wave[] {
  if (created.length < runners) return [{ atUs: 0, runners }];
  const waves: { atUs: number; runners: number }[] = [];
  let lastUs = Number.NEGATIVE_INFINITY;
  for (const us of created) {
    const wave = us - lastUs > APART_US ? undefined : waves.at(-1);
    if (wave === undefined) waves.push({ atUs: us, runners: 1 });
    else wave.runners++;
    lastUs = us;
  }
  return waves;
}

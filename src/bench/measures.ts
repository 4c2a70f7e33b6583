import type { Lifecycle } from '../analysis/lifecycle.ts';

export type MeasureId = Exclude<keyof Lifecycle, 'runners'>;

/** A measure of a run, as tables show it. */
export interface Measure {
  readonly id: MeasureId;
  readonly unit: 'time' | 'count' | 'a second';
}

/** In the order in which maintainers report them. */
export const MEASURES: readonly Measure[] = [
  { id: 'removalP50Us', unit: 'time' },
  { id: 'removalP95Us', unit: 'time' },
  { id: 'removalP99Us', unit: 'time' },
  { id: 'drainUs', unit: 'time' },
  { id: 'jobsASecond', unit: 'a second' },
  { id: 'firstPodUs', unit: 'time' },
  { id: 'lastPodUs', unit: 'time' },
  { id: 'requests', unit: 'count' },
  { id: 'writes', unit: 'count' },
  { id: 'actionsCalls', unit: 'count' },
  { id: 'passes', unit: 'count' },
  { id: 'jitCallsAtOnce', unit: 'count' },
];

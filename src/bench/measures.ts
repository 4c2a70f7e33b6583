import type { Lifecycle } from '../analysis/lifecycle.ts';

export type MeasureId = Exclude<keyof Lifecycle, 'runners'>;

/** A measure of a run, as tables show it. */
export interface Measure {
  readonly id: MeasureId;
  readonly unit: 'time' | 'count' | 'a second';
  /** Whether a run is better with less of it or with more; undefined where it is neither. */
  readonly better: 'less' | 'more' | undefined;
  /** Figures with the same word here say the same, as the percentiles of `removal`: a sentence names one of them. */
  readonly of: string;
}

/** In the order in which maintainers report them. */
export const MEASURES: readonly Measure[] = [
  { id: 'removalP50Us', unit: 'time', better: 'less', of: 'removal' },
  { id: 'removalP95Us', unit: 'time', better: 'less', of: 'removal' },
  { id: 'removalP99Us', unit: 'time', better: 'less', of: 'removal' },
  { id: 'drainUs', unit: 'time', better: 'less', of: 'drain' },
  { id: 'jobsASecond', unit: 'a second', better: 'more', of: 'drain' },
  { id: 'firstPodUs', unit: 'time', better: 'less', of: 'first pod' },
  { id: 'lastPodUs', unit: 'time', better: 'less', of: 'last pod' },
  { id: 'requests', unit: 'count', better: 'less', of: 'requests' },
  { id: 'writes', unit: 'count', better: 'less', of: 'requests' },
  { id: 'actionsCalls', unit: 'count', better: 'less', of: 'calls' },
  { id: 'passes', unit: 'count', better: 'less', of: 'passes' },
  { id: 'jitCallsAtOnce', unit: 'count', better: undefined, of: 'calls at once' },
];

/** In the order in which a sentence names them: what users wait for, then what clusters and GitHub are asked for. */
export const NAMED_FIRST: readonly MeasureId[] = [
  ...(['lastPodUs', 'requests', 'removalP95Us', 'drainUs', 'firstPodUs'] as const),
  ...(['actionsCalls', 'jobsASecond', 'removalP50Us', 'removalP99Us', 'writes', 'passes', 'jitCallsAtOnce'] as const),
];

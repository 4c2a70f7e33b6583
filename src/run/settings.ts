import { POD_PRESETS } from '../kubernetes/embedded/pod-presets.ts';
import type { LatencyShape } from '../base/latency.ts';
import type { WorkqueueRateLimiter } from '../runtime/rate-limiter.ts';

/** Flags whose defaults a release may have changed. */
export const USUAL_FLAGS = ['workers', 'qps', 'burst'] as const;
export type UsualFlag = (typeof USUAL_FLAGS)[number];

/** Of one run: a trace of more does not fit into memory. */
export const MOST_RUNNERS = 100_000;

/** The knobs of a run. Times are microseconds. */
export interface RunSettings {
  /** Id of a release. */
  readonly mode: string;
  readonly runners: number;
  readonly workers: number;
  /** Kubernetes requests a second for each kind of object, and how many at once; 0 means no limit. */
  readonly qps: number;
  readonly burst: number;
  /** Of these those that were asked for: without it, a value that other releases have by default is that of the release. */
  readonly given?: readonly UsualFlag[];
  /** As ARC's flag of that name; what the release does without it where it is not there. */
  readonly workqueueRateLimiter?: WorkqueueRateLimiter;
  readonly jitLatencyUs: number;
  readonly apiLatencyUs: number;
  /** How they vary around these, which are their medians then; without it they hardly do. */
  readonly jitShape?: LatencyShape | undefined;
  readonly apiShape?: LatencyShape | undefined;
  /** How simulated pods behave, by the name of a preset; undefined for pods without problems. */
  readonly pods: string | undefined;
  /** Time from a pod's creation to its running; undefined leaves pods pending, as on a cluster without nodes. */
  readonly podStartUs: number | undefined;
  /** How long jobs run; undefined for ever. Runners whose job has ended are deleted, as their runner set does. */
  readonly jobDurationUs: number | undefined;
  readonly seed: number;
}

/** Upstream's defaults, and latencies of a small cluster. */
export const DEFAULT_SETTINGS: Omit<RunSettings, 'mode'> = {
  runners: 3,
  workers: 2,
  qps: 20,
  burst: 30,
  jitLatencyUs: 200_000,
  apiLatencyUs: 4_000,
  pods: undefined,
  podStartUs: undefined,
  jobDurationUs: undefined,
  seed: 1,
};

/** Latency of the calls to the Actions service other than generatejitconfig. */
export const OTHER_ACTIONS_LATENCY_US = 10_000;

/** Wall-clock time at which virtual runs begin, so that the same seed gives the same bytes. */
export const VIRTUAL_EPOCH_MS = Date.UTC(2026, 0, 1);

/** The presets of simulated pods: name, description and the ARC issues that report such pods. */
export const POD_PRESET_NAMES: ReadonlyMap<string, string> = new Map(
  POD_PRESETS.map(({ name, description, issues }) => [
    name,
    issues.length === 0 ? description : `${description} (${issues.map((issue) => `#${issue}`).join(', ')})`,
  ]),
);

import type { RunStatistics } from '../analysis/statistics.ts';
import type { TraceDetail } from '../model/runner-recorder.ts';
import type { Load } from './run-target.ts';
import type { RunEnd } from './run-end.ts';
import type { RunSettings } from './settings.ts';

/** A run in virtual time as plain data. Every thread gets the same result from it. */
export interface RunSpec {
  /** Its mode names a release of the list, with or without pull requests; the seed is in it too. */
  readonly settings: RunSettings;
  readonly load?: Load | undefined;
  /** Microseconds after the first runner's creation at which the run is ended; a day without it. */
  readonly horizonUs?: number | undefined;
  /** How much of its trace comes back; none without it. */
  readonly trace?: TraceDetail | undefined;
}

/** The outcome of a run besides its trace. */
export interface RunFigures {
  readonly settings: RunSettings;
  readonly statistics: RunStatistics;
  readonly end: RunEnd;
  /** Time in the trace at which the first runner's creation was requested, in microseconds. */
  readonly originUs: number;
  /** Events of the virtual clock. */
  readonly events: number;
  /** The most requests to Kubernetes that were sent within one second. */
  readonly mostRequestsASecond: number;
}

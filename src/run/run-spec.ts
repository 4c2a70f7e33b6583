import type { RunStatistics } from '../analysis/statistics.ts';
import type { TraceDetail } from '../model/runner-recorder.ts';
import type { Fate, Subject } from './fate.ts';
import type { Load } from './run-target.ts';
import type { RunEnd } from './run-end.ts';
import type { RunSettings } from './settings.ts';

/** What goes on in place of what the settings say: nothing goes wrong any more, and what is drawn is drawn by another seed. */
export interface Future {
  /** Events of the virtual clock after which it begins. */
  readonly afterEvents: number;
  readonly seed: number;
}

/** A run in virtual time as plain data. Every thread gets the same result from it. */
export interface RunSpec {
  /** Its mode names a release of the list, with or without pull requests; the seed is in it too. */
  readonly settings: RunSettings;
  readonly load?: Load | undefined;
  /** Microseconds after the first runner's creation at which the run is ended; a day without it. */
  readonly horizonUs?: number | undefined;
  /** Whose end is to be looked at. */
  readonly subject?: Subject | undefined;
  readonly future?: Future | undefined;
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
  /** How that ended which was asked about. */
  readonly fate: Fate | undefined;
  /** When the other future began, in microseconds of the run's clock; undefined where none was asked for. */
  readonly calmUs: number | undefined;
  /** The most requests to Kubernetes that were sent within one second. */
  readonly mostRequestsASecond: number;
}

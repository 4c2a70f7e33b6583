import type { TraceLog } from '../trace/trace-log.ts';
import { scaleSetFigures, type JobTimes } from './scale-set-figures.ts';

/** What happened to a scale set's jobs. Times are microseconds, undefined where nothing has happened. */
export interface JobFigures {
  readonly jobs: number;
  readonly done: number;
  /** From a job's coming to its start on a runner, of those that have started. */
  readonly waitsUs: {
    readonly shortest: number | undefined;
    readonly median: number | undefined;
    readonly longest: number | undefined;
  };
  /** From the coming of the first job to the end of the last one that is done. */
  readonly lastDoneUs: number | undefined;
  /** The greatest number of runners that there were at a time, those being removed included. */
  readonly mostRunners: number;
}

export function jobFigures(log: TraceLog): JobFigures {
  const { jobs, mostRunners } = scaleSetFigures(log);
  const ends = jobs.flatMap(({ completedUs }) => completedUs ?? []);
  return {
    ...{ jobs: jobs.length, done: ends.length, mostRunners },
    waitsUs: waitsOf(jobs),
    lastDoneUs: ends.length === 0 ? undefined : ends.reduce((a, b) => Math.max(a, b)) - (jobs[0]?.queuedUs ?? 0),
  };
}

function waitsOf(jobs: readonly JobTimes[]): JobFigures['waitsUs'] {
  const waits = jobs
    .flatMap(({ queuedUs, startedUs }) => (startedUs === undefined ? [] : [startedUs - queuedUs]))
    .sort((a, b) => a - b);
  return { shortest: waits[0], median: waits[Math.ceil(waits.length / 2) - 1], longest: waits.at(-1) };
}

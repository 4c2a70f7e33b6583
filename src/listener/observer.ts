import type { JobEvent } from '../actions/job.ts';
import type { ScaleSetStatistics } from '../actions/scale-set.ts';
import type { GitHubConfig } from '../actions/config-url.ts';
import type { ListenerConfig } from './config.ts';
import type { Batch, Decision } from './desired-runners.ts';

/** Whose listener it is. */
export interface ListenerIdentity extends Pick<
  ListenerConfig,
  'setName' | 'setNamespace' | 'minRunners' | 'maxRunners'
> {
  readonly github: GitHubConfig;
}

/** Hears what a listener learns and decides. */
export interface ListenerObserver {
  started(identity: ListenerIdentity): void;
  statistics(statistics: ScaleSetStatistics): void;
  jobStarted(job: JobEvent): void;
  jobCompleted(job: JobEvent): void;
  /** How many runners there are to be, and by what; the set is patched after it. */
  decided(batch: Batch, decision: Decision): void;
  /** The set was told how many runners there are to be; not said after a poll without a message. */
  desired(runners: number): void;
}

/** For listeners that nobody watches. */
export const NOBODY: ListenerObserver = {
  started: ignore,
  statistics: ignore,
  jobStarted: ignore,
  jobCompleted: ignore,
  decided: ignore,
  desired: ignore,
};

/** Each of them hears everything. */
export function observersTogether(observers: readonly ListenerObserver[]): ListenerObserver {
  return {
    started: (identity) => observers.forEach((one) => one.started(identity)),
    statistics: (statistics) => observers.forEach((one) => one.statistics(statistics)),
    jobStarted: (job) => observers.forEach((one) => one.jobStarted(job)),
    jobCompleted: (job) => observers.forEach((one) => one.jobCompleted(job)),
    decided: (batch, decision) => observers.forEach((one) => one.decided(batch, decision)),
    desired: (runners) => observers.forEach((one) => one.desired(runners)),
  };
}

function ignore(): void {
  // Nobody wants to know.
}

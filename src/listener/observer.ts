import type { JobEvent } from '../actions/job.ts';
import type { ScaleSetStatistics } from '../actions/scale-set.ts';
import type { GitHubConfig } from '../actions/config-url.ts';
import type { ListenerConfig } from './config.ts';

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
  /** How many runners there are to be; not said after a poll without a message. */
  desired(runners: number): void;
}

/** For listeners that nobody watches. */
export const NOBODY: ListenerObserver = {
  started: ignore,
  statistics: ignore,
  jobStarted: ignore,
  jobCompleted: ignore,
  desired: ignore,
};

function ignore(): void {
  // Nobody wants to know.
}

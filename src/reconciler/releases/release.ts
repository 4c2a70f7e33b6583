import type { ActionsClientPolicy } from '../../actions/client.ts';
import type { QueueOrder } from '../../runtime/queue-order.ts';
import type { BackoffOptions } from '../../runtime/rate-limiter.ts';
import type { QueuedItem } from '../../runtime/work-queue.ts';

/**
 * Number of a pull request of ARC that the reconcilers tell apart; they ask a release for these and never for its name.
 * 3831: one pass registers a runner, makes its secret and makes its pod. 3832: a flag sets the number of workers.
 * 3848: flags set the rate and the burst of the Kubernetes client.
 */
export type Switch = 3831 | 3832 | 3848;

/** What tells a release from others to people who do not know its name. Texts are translated where they are shown. */
interface ReleaseWords {
  /** In which part of ARC's history it lies, for example `before pull request 3831`. */
  readonly era: string;
  /** What is seen of it, as a list says beside its name. */
  readonly gist: string;
  /** One sentence without its subject: `old is …`. */
  readonly about: string;
}

/** Log messages that releases word differently; users search for them. */
interface LogTexts {
  /** The runner's status is about to follow its pod's phase. */
  readonly followsPhase: string;
  /** More pods have failed than a runner is allowed. */
  readonly tooManyFailures: string;
}

/** What one version of ARC's controller does differently from others, as data. */
export interface Release {
  /** As `--mode` takes it and as traces and settings carry it. */
  readonly id: string;
  /** First published version of ARC that does this, `MAJOR.MINOR.PATCH`. */
  readonly since: string;
  /** What a run takes where no release is asked for. Exactly one has this. */
  readonly isDefault: boolean;
  readonly words: ReleaseWords;
  readonly switches: ReadonlySet<Switch>;
  /** The order in which workers get keys. */
  readonly order: () => QueueOrder<QueuedItem>;
  /** How keys are held back that failed or asked to come again. */
  readonly backoff: BackoffOptions;
  readonly actions: ActionsClientPolicy;
  readonly log: LogTexts;
}

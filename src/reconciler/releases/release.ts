import type { ActionsClientPolicy } from '../../actions/client-policy.ts';
import type { ListStyle } from '../../kubernetes/cluster.ts';
import type { QueueKind } from '../../runtime/queue-kind.ts';
import type { BackoffOptions } from '../../runtime/rate-limiter.ts';
import type { Switch, Switches } from './switches.ts';

/** What tells a release from others to people who do not know its name. Texts are translated where they are shown. */
interface ReleaseWords {
  /** In which part of ARC's history it lies, for example `before pull request 3831`. */
  readonly era: string;
  /** What is seen of it, as a list says beside its name. */
  readonly gist: string;
  /** One sentence without its subject: `old is …`. */
  readonly about: string;
}

/** A release of the list with pull requests added or left out. */
interface Variation {
  /** Id of the release in the list. */
  readonly of: string;
  readonly with: readonly Switch[];
  readonly without: readonly Switch[];
}

/** Defaults of the controller's flags. */
export interface UsualFlags {
  /** Workers of the EphemeralRunner controller. */
  readonly workers: number;
  /** Workers of each of the other controllers. */
  readonly otherWorkers: number;
  readonly qps: number;
  readonly burst: number;
}

/** What one version of ARC's controller does differently from others, as data. */
export interface Release {
  /** As `--mode` takes it and as traces and settings carry it. */
  readonly id: string;
  /** Published versions of ARC that do exactly this, `MAJOR.MINOR.PATCH`, the first one first. */
  readonly versions: readonly string[];
  /** What a run takes where no release is asked for. Exactly one has this. */
  readonly isDefault: boolean;
  readonly words: ReleaseWords;
  /**
   * For a published version that is not in the list of releases: id of the one there that does the same, or that it lacks
   * a few pull requests of.
   */
  readonly listed?: string;
  /** From which release this one was made for a run, and how they differ; undefined for those in the list. */
  readonly variation?: Variation;
  readonly switches: Switches;
  /** How keys wait for workers. */
  readonly queue: QueueKind;
  /** How keys are held back that failed or asked to come again. */
  readonly backoff: BackoffOptions;
  readonly actions: ActionsClientPolicy;
  /** What its flags have where they are not given. */
  readonly usual: UsualFlags;
  /** How its caches get the whole of a kind. */
  readonly lists: ListStyle;
  /** The minor version of controller-runtime that it is built with, 20 for 0.20: its metrics come from there. */
  readonly controllerRuntime: number;
}

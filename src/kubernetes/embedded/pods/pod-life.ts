import type { Container } from '../../types.ts';

/**
 * The life of simulated pods as data: where it departs from the usual life (see usual-life.ts). People write it in files;
 * parse-life.ts reads them.
 */
export interface PodLife {
  readonly stages: readonly LifeStage[];
  readonly job: JobRule;
  /** How many pods there is room for at a time; the others wait for a node. */
  readonly capacity: number | undefined;
  /** Names of nodes, at least one. */
  readonly nodes: readonly string[];
  /** What the lab's own runners have in their pods besides the runner. */
  readonly podOfRunners: ExtraContainers;
}

/**
 * The job of a simulated runner: it `runs` from the runner's start to its end, the runner gets `none`, or it is
 * `never-over` for the service, whatever happens to the runner.
 */
export type JobRule = 'runs' | 'none' | 'never-over';

export interface ExtraContainers {
  readonly initContainers?: readonly ExtraContainer[];
  readonly containers?: readonly ExtraContainer[];
}

export type ExtraContainer = Pick<Container, 'name' | 'image'> & { readonly [field: string]: unknown };

export interface LifeStage {
  readonly when: LifeCondition;
  readonly after: LifeDelay;
  /** Stages with a weight are drawn among those that match; undefined for one that is taken where it stands. */
  readonly weight: number | undefined;
  /** How many times a pod goes through it at most. */
  readonly times: number;
  readonly actions: readonly LifeAction[];
}

/** All that is said has to hold. */
export interface LifeCondition {
  /** `none` before the pod has a node, `any`, or the node's name. */
  readonly node?: string;
  /** Where its init containers are; `done` also for a pod that has none. */
  readonly init?: InitState;
  /** The container that state, reason and exit code are about: the one called `runner`, or else the first. */
  readonly container?: string;
  /** Before the pod has a node and its init containers are done, none of these holds. */
  readonly state?: 'waiting' | 'running' | 'terminated';
  readonly reason?: string;
  readonly exitCode?: number;
  readonly phase?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** How many pods have had this name, this one included. */
  readonly attempt?: { readonly atLeast: number; readonly atMost: number };
  /** Whether the pod is being deleted; a stage that does not say so is for pods that are not. */
  readonly deleting: boolean;
}

export type InitState = 'waiting' | 'running' | 'failed' | 'done';

/**
 * Microseconds, drawn between two bounds; or the time that pods take to start or jobs to run in this run, where
 * `otherwiseUs` stands for jobs that run for ever.
 */
export type LifeDelay =
  | { readonly minUs: number; readonly maxUs: number }
  | { readonly of: 'start' }
  | { readonly of: 'job'; readonly otherwiseUs: number };

/** What a stage does. A container that is not named is the runner's for exits and every one for the rest. */
export type LifeAction =
  | { readonly do: 'schedule'; readonly node: string | undefined }
  | { readonly do: 'unschedulable'; readonly message: string | undefined }
  | { readonly do: 'start-init' }
  | { readonly do: 'finish-init'; readonly exitCode: number }
  | { readonly do: 'start'; readonly container: string | undefined }
  | { readonly do: 'ready'; readonly isReady: boolean }
  | {
      readonly do: 'exit';
      readonly container: string | undefined;
      readonly exitCode: number;
      readonly reason: string | undefined;
      readonly message: string | undefined;
    }
  | {
      readonly do: 'wait';
      readonly container: string | undefined;
      readonly reason: 'ErrImagePull' | 'ImagePullBackOff';
    }
  | { readonly do: 'evict'; readonly message: string }
  | { readonly do: 'never' };

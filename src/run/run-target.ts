import type { Scope } from '../apply/scope.ts';
import type { ScaleSetLoad } from './job-load.ts';
import type { ConditionsDocument } from './conditions-control.ts';
import type { TimedHappening } from './happenings.ts';

/** Where a run takes place: nothing but this process, or a context of a kubeconfig. */
export type RunTarget = EmbeddedTarget | AttachedTarget;

export interface EmbeddedTarget {
  readonly kind: 'embedded';
}

export interface AttachedTarget {
  readonly kind: 'attached';
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Namespace to reconcile; the context's own without it, all for ''. */
  readonly namespace?: string;
  /** The runners to reconcile. */
  readonly scope?: Scope;
  /** Write to the cluster and register with the real service; without it everything stays in an overlay. */
  readonly apply: boolean;
  /** Move the runners' pods through their stages where no kubelet does. */
  readonly simulatePods: boolean;
  /** Show what the cluster's own controller does, and reconcile nothing. */
  readonly watches?: boolean;
  /** Look at the cluster and reconcile nothing until the run is released. */
  readonly held?: boolean;
}

/** Default time at which a later release takes over. */
export const USUAL_UPGRADE_US = 60_000_000;

/** Runners that are asked for at once. */
export interface Wave {
  /** Microseconds after the first ones. */
  readonly atUs: number;
  readonly runners: number;
}

export interface PastUpgrade {
  /** Id of the release that was here before. */
  readonly from: string;
  readonly afterUs: number;
  /** The scale set keeps the version label of that release, as where its chart was not upgraded with the controller. */
  readonly keepsLabel?: boolean | undefined;
  /** The definitions of custom resources are still those of that release, as where Helm upgraded the controller alone. */
  readonly keepsDefinitions?: boolean | undefined;
}

/** How runners come to an embedded cluster, and what they meet there. */
export interface Load {
  /** Runners created per second; without it they come in one burst. */
  readonly perSecond?: number | undefined;
  /** Made by an EphemeralRunnerSet, whose controller then runs too, not one by one. */
  readonly throughSet?: boolean | undefined;
  /**
   * An earlier release was here for this time, until it was stopped. Runners without jobs are there already when the run begins. A
   * scale set's jobs come to both releases: the run begins with the earlier one.
   */
  readonly upgrade?: PastUpgrade | undefined;
  /** When how many of the runners are asked for, in order; without it all at the beginning. */
  readonly waves?: readonly Wave[] | undefined;
  /** The whole chain runs, from an AutoscalingRunnerSet on: its runners come when jobs do. */
  readonly scaleSet?: ScaleSetLoad | undefined;
  /** What people, nodes and GitHub do to runners and scale set meanwhile. */
  readonly happenings?: readonly TimedHappening[] | undefined;
  /** What the Actions service answers to the removal of a runner that it does not know; 204 without it. */
  readonly removalOfUnknown?: 404 | undefined;
  /** Latencies and faults from the start. */
  readonly conditions?: Partial<ConditionsDocument> | undefined;
}

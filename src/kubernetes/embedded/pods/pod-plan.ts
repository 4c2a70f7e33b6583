import type { ExtraContainers, JobRule, LifeDelay, LifeStage, PodLife } from './pod-life.ts';
import { USUAL_LIFE } from './usual-life.ts';

/** A life with the times of one run in it. */
export interface PodPlan {
  /** The life's own stages, and the usual ones behind them. */
  readonly stages: readonly PlannedStage[];
  readonly job: JobRule;
  readonly capacity: number | undefined;
  readonly nodes: readonly string[];
  readonly podOfRunners: ExtraContainers;
}

export interface PlannedStage extends LifeStage {
  /** Infinity for what never comes. */
  readonly after: { readonly minUs: number; readonly maxUs: number };
  /** Whether it comes when the job is over: in a pod whose program has a job, that is not a matter of this run's times. */
  readonly isAtJobEnd: boolean;
}

/** From a pod's creation to its running, where nothing else is said. */
export const DEFAULT_POD_START_US = 1_000_000;

export interface PodTimes {
  readonly podStartUs: number | undefined;
  readonly jobDurationUs: number | undefined;
}

export function planOf(life: PodLife, times: PodTimes): PodPlan {
  const { stages: own, ...rest } = life;
  const stages = [...own, ...USUAL_LIFE];
  const isAtJobEnd = ({ after }: LifeStage): boolean => 'of' in after && after.of === 'job';
  return {
    ...rest,
    stages: stages.map((stage) => ({
      ...stage,
      after: bounds(stage.after, times),
      isAtJobEnd: isAtJobEnd(stage),
    })),
  };
}

function bounds(delay: LifeDelay, { podStartUs, jobDurationUs }: PodTimes): PlannedStage['after'] {
  if (!('of' in delay)) return delay;
  const us = delay.of === 'start' ? (podStartUs ?? DEFAULT_POD_START_US) : (jobDurationUs ?? delay.otherwiseUs);
  return { minUs: us, maxUs: us };
}

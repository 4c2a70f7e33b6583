import type { Outcome } from './outcome.ts';

/** What is wanted of a burst; what is not said is not asked for. Times are microseconds after the first runner was asked for. */
export interface Objective {
  /** 95 of 100 runners have their pods by then. */
  readonly p95Us?: number | undefined;
  /** All have. */
  readonly lastUs?: number | undefined;
  /** Requests to Kubernetes within one second. */
  readonly mostRequestsASecond?: number | undefined;
}

/** How far an outcome is from what is wanted of its times: 1 where it just meets it, more where it misses it. */
export function timeRatio({ p95Us, lastUs }: Objective, outcome: Outcome): number {
  return Math.max(
    p95Us === undefined ? 0 : outcome.p95Us.median / p95Us,
    lastUs === undefined ? 0 : outcome.lastUs.median / lastUs,
  );
}

export function rateRatio({ mostRequestsASecond }: Objective, { requestsASecond }: Outcome): number {
  return mostRequestsASecond === undefined ? 0 : requestsASecond.median / mostRequestsASecond;
}

export function meets(objective: Objective, outcome: Outcome): boolean {
  return timeRatio(objective, outcome) <= 1 && rateRatio(objective, outcome) <= 1;
}

/** Whether anything is asked for. */
export function isAsked(objective: Objective): boolean {
  return hasTime(objective) || objective.mostRequestsASecond !== undefined;
}

export function hasTime({ p95Us, lastUs }: Objective): boolean {
  return p95Us !== undefined || lastUs !== undefined;
}

import type { TraceLog } from '../trace/trace-log.ts';

/** Figures of one run. Times are microseconds after the first runner's creation was requested. */
export interface RunStatistics {
  readonly mode: string;
  readonly runners: number;
  readonly pods: number;
  readonly firstPodUs: number | null;
  readonly p50PodUs: number | null;
  readonly p95PodUs: number | null;
  readonly lastPodUs: number | null;
  readonly passes: number;
  readonly results: Readonly<Record<'done' | 'requeue' | 'requeue-after' | 'error', number>>;
  readonly kubernetesRequests: number;
  readonly actionsRequests: number;
  /** Time that requests were held back by the client-side limiter, over all of them. */
  readonly throttledUs: number;
  /** From the first creation to the end of the last pass. */
  readonly makespanUs: number;
}

/** @param originUs time in the trace of the first creation */
export function statisticsOf(log: TraceLog, originUs: number): RunStatistics {
  const pods: number[] = [];
  const results = { done: 0, requeue: 0, 'requeue-after': 0, error: 0 };
  let passes = 0;
  let kubernetesRequests = 0;
  let actionsRequests = 0;
  let throttledUs = 0;
  let endUs = originUs;
  log.forEachPass((result, endedUs) => {
    passes++;
    results[result]++;
    endUs = Math.max(endUs, endedUs);
  });
  log.forEachRequest((isActions, verb, resource, status, requestThrottledUs, endedUs) => {
    throttledUs += requestThrottledUs;
    if (isActions) actionsRequests++;
    else kubernetesRequests++;
    if (resource === 'pods' && verb === 'create' && status === 201) pods.push(endedUs - originUs);
  });
  pods.sort((a, b) => a - b);
  return {
    mode: log.header.mode,
    runners: log.countRunners(),
    pods: pods.length,
    firstPodUs: pods[0] ?? null,
    p50PodUs: percentile(pods, 0.5),
    p95PodUs: percentile(pods, 0.95),
    lastPodUs: pods.at(-1) ?? null,
    passes,
    results,
    kubernetesRequests,
    actionsRequests,
    throttledUs,
    makespanUs: endUs - originUs,
  };
}

/** The value with at least `fraction` of the sorted values at or below it; null when there is none. */
export function percentile(sorted: readonly number[], fraction: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? null;
}

/** A step that the modes order differently: a runner registered, or its pod created. */
export interface Milestone {
  readonly kind: 'registered' | 'pod';
  readonly runner: string;
  readonly atUs: number;
}

/** Registrations and pods in the order in which they happened. */
export function milestonesOf(log: TraceLog, originUs: number): Milestone[] {
  const milestones: Milestone[] = [];
  for (const pass of log.passes()) {
    for (const { resource, verb, status, ended } of pass.requests) {
      const atUs = ended - originUs;
      if (resource === 'generatejitconfig' && status === 200) {
        milestones.push({ kind: 'registered', runner: pass.runner, atUs });
      } else if (resource === 'pods' && verb === 'create' && status === 201) {
        milestones.push({ kind: 'pod', runner: pass.runner, atUs });
      }
    }
  }
  return milestones.sort((a, b) => a.atUs - b.atUs);
}

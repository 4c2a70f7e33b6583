import type { TraceLog } from '../trace/trace-log.ts';

/** What time went by with, in microseconds. */
export interface TimeSpent {
  /** Waiting in the queue while every worker was busy. */
  readonly workerUs: number;
  /** Waiting for a back-off or an asked-for delay to pass. */
  readonly delayUs: number;
  /** Held back by the client-side limiter, by kind of object. */
  readonly limiterUs: Readonly<Record<string, number>>;
  readonly actionsUs: number;
  readonly kubernetesUs: number;
  /** Everything else: waiting for a watch event, or inside a pass for a token that another pass asks for. */
  readonly otherUs: number;
}

/** Sums over all runners, each from when it was first queued to its first pod, or to its last pass where it got none. */
export function spentUntilPods(log: TraceLog): TimeSpent {
  const spent = { workerUs: 0, delayUs: 0, actionsUs: 0, kubernetesUs: 0, otherUs: 0 };
  const limiterUs: Record<string, number> = {};
  /** By runner: the end of its last pass, Infinity once it has a pod. */
  const doneUntil = new Map<number, number>();
  log.forEachPass((pass, runner, _result, queuedUs, readyUs, startedUs, endedUs) => {
    const beforeUs = doneUntil.get(runner) ?? queuedUs;
    if (beforeUs === Infinity) return;
    let [podUs, requestsUs] = [Infinity, 0];
    log.forEachRequestOf(pass, (isActions, verb, resource, status, throttledUs, requestUs, answeredUs) => {
      if (resource === 'pods' && verb === 'create' && status === 201) podUs = answeredUs;
      const kind = kindOf(resource);
      if (throttledUs > 0) limiterUs[kind] = (limiterUs[kind] ?? 0) + throttledUs;
      spent[isActions ? 'actionsUs' : 'kubernetesUs'] += answeredUs - requestUs - throttledUs;
      requestsUs += answeredUs - requestUs;
    });
    // A key that is added during a pass waits for that pass first.
    const waitsFromUs = Math.max(queuedUs, beforeUs);
    const delayEndsUs = Math.max(readyUs, waitsFromUs);
    spent.delayUs += delayEndsUs - waitsFromUs;
    spent.workerUs += startedUs - delayEndsUs;
    spent.otherUs += waitsFromUs - beforeUs + Math.min(podUs, endedUs) - startedUs - requestsUs;
    doneUntil.set(runner, podUs === Infinity ? endedUs : Infinity);
  });
  return { ...spent, limiterUs };
}

/** How many Kubernetes requests the client's limiter let through before `untilUs`, by kind of object. */
export function requestsUntil(log: TraceLog, untilUs: number): Record<string, number> {
  const requests: Record<string, number> = {};
  log.forEachPass((pass, _runner, _result, _queued, _ready, startedUs) => {
    if (startedUs >= untilUs) return;
    log.forEachRequestOf(pass, (isActions, _verb, resource, _status, throttledUs, requestUs) => {
      const kind = kindOf(resource);
      if (!isActions && requestUs + throttledUs < untilUs) requests[kind] = (requests[kind] ?? 0) + 1;
    });
  });
  return requests;
}

/** The client's limiter has a bucket for each kind, its subresources included. */
function kindOf(resource: string): string {
  return resource.replace(/\/.*$/, '');
}

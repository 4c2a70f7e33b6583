import type { TraceLog } from '../trace/trace-log.ts';
import { kindOf } from './kind-of.ts';
import { MadeByRows } from './made.ts';

/** What time went by with, in microseconds. What is not known of is in none but the last. */
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
  const { passes, requests, words } = log.rows;
  const made = new MadeByRows(log.rows);
  const spent = { workerUs: 0, delayUs: 0, actionsUs: 0, kubernetesUs: 0, otherUs: 0 };
  const limiterUs: Record<string, number> = {};
  /** By runner: the end of its last pass, Infinity once it has a pod. */
  const doneUntil = new Map<number, number>();
  for (let pass = 0; pass < log.passCount; pass++) {
    const runner = passes.object.get(pass);
    const startedUs = passes.span.startedUs(pass);
    const endedUs = passes.span.endedUs(pass);
    // One that goes on, or has no known beginning, does not show how long things took.
    if (Number.isNaN(startedUs) || Number.isNaN(endedUs)) continue;
    const readyUs = orElse(passes.readyUs(pass), startedUs);
    const queuedUs = orElse(passes.queuedUs(pass), readyUs);
    const beforeUs = doneUntil.get(runner) ?? queuedUs;
    if (beforeUs === Infinity) continue;
    let [podUs, requestsUs] = [Infinity, 0];
    for (let request = passes.lastRequest.get(pass); request >= 0; request = requests.before(request)) {
      const answeredUs = requests.span.endedUs(request);
      const requestUs = requests.span.startedUs(request);
      if (made.of(request) === 'pod') podUs = orElse(answeredUs, Infinity);
      const throttledUs = requests.throttled.get(request) || 0;
      const kind = kindOf(words.text(requests.resource.get(request))) ?? '';
      if (throttledUs > 0) limiterUs[kind] = (limiterUs[kind] ?? 0) + throttledUs;
      const [tookUs, to] = [answeredUs - requestUs, requests.to.get(request)];
      if (Number.isNaN(tookUs) || Number.isNaN(to)) continue;
      spent[to === 1 ? 'actionsUs' : 'kubernetesUs'] += tookUs - throttledUs;
      requestsUs += tookUs;
    }
    // A key that is added during a pass waits for that pass first.
    const waitsFromUs = Math.max(queuedUs, beforeUs);
    const delayEndsUs = Math.max(readyUs, waitsFromUs);
    spent.delayUs += delayEndsUs - waitsFromUs;
    spent.workerUs += startedUs - delayEndsUs;
    spent.otherUs += waitsFromUs - beforeUs + Math.min(podUs, endedUs) - startedUs - requestsUs;
    doneUntil.set(runner, podUs === Infinity ? endedUs : Infinity);
  }
  return { ...spent, limiterUs };
}

/** How many Kubernetes requests the client's limiter let through before `untilUs`, by kind of object. */
export function requestsUntil(log: TraceLog, untilUs: number): Record<string, number> {
  const { passes, requests, words } = log.rows;
  const counts: Record<string, number> = {};
  for (let pass = 0; pass < log.passCount; pass++) {
    if (!passes.hasEnded(pass) || passes.span.baseUs(pass) >= untilUs) continue;
    for (let request = passes.lastRequest.get(pass); request >= 0; request = requests.before(request)) {
      const sentUs = requests.span.baseUs(request) + (requests.throttled.get(request) || 0);
      const kind = kindOf(words.text(requests.resource.get(request))) ?? '';
      if (requests.to.get(request) === 0 && sentUs < untilUs) counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}

function orElse(value: number, fallback: number): number {
  return Number.isNaN(value) ? fallback : value;
}

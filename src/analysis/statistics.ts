import type { PodState } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { requestsUntil, spentUntilPods, type TimeSpent } from './time-spent.ts';

/** Figures of one run. Times are microseconds after the first runner's creation was requested; null where there is none. */
export interface RunStatistics {
  readonly mode: string;
  /** Runners with passes, and those of them that got a pod. */
  readonly runners: number;
  readonly runnersWithPod: number;
  /** Pods made, those included that took the place of failed ones. */
  readonly pods: number;
  /** When runners got their first pods: a pod in place of one that failed says nothing of how fast pods are made. */
  readonly firstPodUs: number | null;
  readonly p50PodUs: number | null;
  readonly p95PodUs: number | null;
  readonly lastPodUs: number | null;
  /** Runners with a pod whose containers ran, and when that was the case for the first time. */
  readonly started: number;
  readonly firstStartedUs: number | null;
  readonly p50StartedUs: number | null;
  readonly lastStartedUs: number | null;
  /** Runners with a pod that became ready, and when the last of them was ready for the first time. */
  readonly ready: number;
  readonly lastReadyUs: number | null;
  /** Registrations answered before the first pod was made. */
  readonly registeredBeforeFirstPod: number;
  readonly passes: number;
  readonly results: Readonly<Record<'done' | 'requeue' | 'requeue-after' | 'error', number>>;
  readonly kubernetesRequests: number;
  readonly actionsRequests: number;
  /** How long a runner's requests were held back by the client-side limiter in all: the median and the most. */
  readonly heldBackP50Us: number;
  readonly heldBackMaxUs: number;
  /** What the time went by with from a runner's first wait to its first pod; sums over all runners. */
  readonly untilPods: TimeSpent;
  /** Kubernetes requests by kind of object that were begun before the last pod was made. */
  readonly requestsUntilLastPod: Readonly<Record<string, number>>;
  /** From the first creation to the end of the last pass. */
  readonly makespanUs: number;
}

/** @param originUs time in the trace of the first creation */
export function statisticsOf(log: TraceLog, originUs: number): RunStatistics {
  let pods = 0;
  const registrations: number[] = [];
  const heldBack = new Map<number, number>();
  /** By runner: when its first pod was made. */
  const firstPods = new Map<number, number>();
  const results = { done: 0, requeue: 0, 'requeue-after': 0, error: 0 };
  let [passes, kubernetesRequests, actionsRequests] = [0, 0, 0];
  let endUs = originUs;
  log.forEachPass((pass, runner, result, _queued, _ready, _started, passEndedUs) => {
    passes++;
    results[result]++;
    endUs = Math.max(endUs, passEndedUs);
    let heldUs = heldBack.get(runner) ?? 0;
    log.forEachRequestOf(pass, (isActions, verb, resource, status, throttledUs, _began, endedUs) => {
      heldUs += throttledUs;
      if (isActions) actionsRequests++;
      else kubernetesRequests++;
      if (resource === 'generatejitconfig' && status === 200) registrations.push(endedUs - originUs);
      if (resource !== 'pods' || verb !== 'create' || status !== 201) return;
      pods++;
      firstPods.set(runner, Math.min(firstPods.get(runner) ?? Infinity, endedUs - originUs));
    });
    heldBack.set(runner, heldUs);
  });
  const podTimes = [...firstPods.values()].sort(ascending);
  const held = [...heldBack.values()].sort(ascending);
  const started = firstTimesOf(log, originUs, ['running', 'ready']);
  const ready = firstTimesOf(log, originUs, ['ready']);
  const firstPodUs = podTimes[0] ?? Infinity;
  return {
    mode: log.header.mode,
    runners: heldBack.size,
    runnersWithPod: firstPods.size,
    pods,
    firstPodUs: podTimes[0] ?? null,
    p50PodUs: percentile(podTimes, 0.5),
    p95PodUs: percentile(podTimes, 0.95),
    lastPodUs: podTimes.at(-1) ?? null,
    started: started.length,
    firstStartedUs: started[0] ?? null,
    p50StartedUs: percentile(started, 0.5),
    lastStartedUs: started.at(-1) ?? null,
    ready: ready.length,
    lastReadyUs: ready.at(-1) ?? null,
    registeredBeforeFirstPod: registrations.filter((atUs) => atUs <= firstPodUs).length,
    passes,
    results,
    kubernetesRequests,
    actionsRequests,
    heldBackP50Us: percentile(held, 0.5) ?? 0,
    heldBackMaxUs: held.at(-1) ?? 0,
    untilPods: spentUntilPods(log),
    requestsUntilLastPod: requestsUntil(log, originUs + (podTimes.at(-1) ?? Infinity)),
    makespanUs: endUs - originUs,
  };
}

/** When each runner's pod was in one of the states for the first time, as the controller's cache showed it. */
function firstTimesOf(log: TraceLog, originUs: number, states: readonly PodState[]): number[] {
  const counted = new Set<number>();
  const times: number[] = [];
  log.forEachPodState((runner, atUs, pod) => {
    if (!states.includes(pod) || counted.has(runner)) return;
    counted.add(runner);
    times.push(atUs - originUs);
  });
  return times.sort(ascending);
}

/** The value with at least `fraction` of the sorted values at or below it; null when there is none. */
export function percentile(sorted: readonly number[], fraction: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? null;
}

function ascending(a: number, b: number): number {
  return a - b;
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

import { eachRow, inOneGo, type InParts } from '../base/in-parts.ts';
import { POD_STATES, RESULTS, type PassResult, type PodState } from '../trace/model.ts';
import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { MadeByRows } from './made.ts';
import { PodTimes } from './pod-times.ts';
import { PodsSeen } from './pods-seen.ts';
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
  /** When the last of all pods was made; the last of runners' first ones, where none was made again. */
  readonly lastMadeUs: number | null;
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
  readonly results: Readonly<Record<PassResult, number>>;
  readonly kubernetesRequests: number;
  readonly actionsRequests: number;
  /** How long a runner's requests were held back by the client-side limiter in all: the median and the most. */
  readonly heldBackP50Us: number;
  readonly heldBackMaxUs: number;
  /** Time from a runner's first wait to its first pod, by cause; sums over all runners. */
  readonly untilPods: TimeSpent;
  /** Kubernetes requests by kind of object, other than lists, that were begun before the last pod was made. */
  readonly requestsUntilLastPod: Readonly<Record<string, number>>;
  /** From the first creation to the end of the last pass. */
  readonly makespanUs: number;
}

/** @param originUs time in the trace of the first creation */
export function statisticsOf(log: TraceLog, originUs: number): RunStatistics {
  return inOneGo(statisticsInParts(log, originUs));
}

/** The same, which can be given up in between. */
export function* statisticsInParts(log: TraceLog, originUs: number): InParts<RunStatistics> {
  const { passes, requests } = log.rows;
  const made = new MadeByRows(log.rows);
  const pods = new PodTimes();
  const registrations: number[] = [];
  /** By number of the runner's name, NaN for what is no runner with passes. */
  const heldBack = new Float64Array(log.rows.strings.length).fill(NaN);
  const results = { done: 0, requeue: 0, 'requeue-after': 0, error: 0, unknown: 0 };
  let [passCount, kubernetesRequests, actionsRequests] = [0, 0, 0];
  let endUs = originUs;
  /** @param runner NaN for what is done for no runner */
  const count = (runner: number, request: number): void => {
    const heldUs = requests.throttled.get(request) || 0;
    if (heldUs > 0 && !Number.isNaN(runner)) heldBack[runner] = (heldBack[runner] || 0) + heldUs;
    const to = requests.to.get(request);
    if (to === 1) actionsRequests++;
    else if (to === 0) kubernetesRequests++;
    const what = made.of(request);
    const atUs = requests.span.endedUs(request) - originUs;
    if (what === undefined || Number.isNaN(atUs)) return;
    if (what === 'registration') registrations.push(atUs);
    else if (what === 'pod' && !Number.isNaN(runner)) pods.made(runner, atUs);
  };
  yield* eachRow(log.passCount, (pass) => {
    if (!passes.hasEnded(pass)) return;
    const runner = log.rows.isOfRunner(pass) ? passes.object.get(pass) : NaN;
    passCount++;
    results[RESULTS[passes.result.get(pass) - 1] ?? 'unknown']++;
    endUs = Math.max(endUs, passes.span.endedUs(pass));
    if (!Number.isNaN(runner)) heldBack[runner] ||= 0;
    for (let request = passes.lastRequest.get(pass); request >= 0; request = requests.before(request)) {
      count(runner, request);
    }
  });
  const seen = new PodsSeen(log.rows);
  const { object } = log.rows.objects;
  yield* eachRow(object.length, (row) => {
    const atUs = seen.newAtUs(row);
    if (atUs !== undefined) pods.seen(object.get(row), atUs - originUs);
  });
  yield* eachRow(log.length, (index) => {
    const request = log.requestAt(index);
    // What listeners do is no work of the controllers.
    if (request === NONE || !Number.isNaN(requests.listener.get(request))) return;
    const pass = log.passOfRequest(request);
    count(pass === undefined ? requests.object.get(request) : passes.object.get(pass), request);
  });
  const podTimes = pods.firstOfRunners();
  yield;
  const held = heldBack.filter((heldUs) => !Number.isNaN(heldUs)).sort();
  const started = yield* firstTimesOf(log, originUs, ['running', 'ready']);
  const ready = yield* firstTimesOf(log, originUs, ['ready']);
  const firstPodUs = podTimes[0] ?? Infinity;
  return {
    mode: log.header.release ?? '',
    runners: held.length,
    runnersWithPod: podTimes.length,
    pods: pods.count,
    firstPodUs: podTimes[0] ?? null,
    p50PodUs: percentile(podTimes, 0.5),
    p95PodUs: percentile(podTimes, 0.95),
    lastPodUs: podTimes.at(-1) ?? null,
    lastMadeUs: pods.lastMadeUs ?? null,
    started: started.length,
    firstStartedUs: started[0] ?? null,
    p50StartedUs: percentile(started, 0.5),
    lastStartedUs: started.at(-1) ?? null,
    ready: ready.length,
    lastReadyUs: ready.at(-1) ?? null,
    registeredBeforeFirstPod: registrations.filter((atUs) => atUs <= firstPodUs).length,
    passes: passCount,
    results,
    kubernetesRequests,
    actionsRequests,
    heldBackP50Us: percentile(held, 0.5) ?? 0,
    heldBackMaxUs: held.at(-1) ?? 0,
    untilPods: yield* spentUntilPods(log),
    requestsUntilLastPod: yield* requestsUntil(log, originUs + (podTimes.at(-1) ?? Infinity)),
    makespanUs: endUs - originUs,
  };
}

/** When each runner's pod was in one of the states for the first time, as the controller's cache showed it. */
function* firstTimesOf(log: TraceLog, originUs: number, states: readonly PodState[]): InParts<number[]> {
  const { objects } = log.rows;
  /** By number of the runner's name: 1 where it is counted. */
  const counted = new Uint8Array(log.rows.strings.length);
  const times: number[] = [];
  yield* eachRow(objects.object.length, (row) => {
    const pod = POD_STATES[objects.pod.get(row)];
    const runner = objects.object.get(row);
    if (pod === undefined || !states.includes(pod) || counted[runner] === 1) return;
    counted[runner] = 1;
    times.push(objects.span.startedUs(row) - originUs);
  });
  return times.sort(ascending);
}

/** The value with at least `fraction` of the sorted values at or below it; null when there is none. */
export function percentile(sorted: readonly number[] | Float64Array, fraction: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? null;
}

function ascending(a: number, b: number): number {
  return a - b;
}

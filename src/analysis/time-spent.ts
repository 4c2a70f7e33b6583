import { addTo } from '../base/group.ts';
import { eachRow, inOneGo, type InParts } from '../base/in-parts.ts';
import { POD_STATES } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { kindOf } from './kind-of.ts';
import { MadeByRows } from './made.ts';

/** Time by cause, in microseconds, summed over runners. Time of unknown cause is in `otherUs` only. */
export interface TimeSpent {
  /** How many runners it is of. */
  readonly runners: number;
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

/** Of runners whose pods ran, until they did. */
export interface TimeUntilStarts extends TimeSpent {
  /** From the first pod on, by what it waited for: the code of its trouble, or its state where it has none. */
  readonly podUs: Readonly<Record<string, number>>;
}

/**
 * Of the runners that got a pod which ran, each from when it was first queued until that was seen for the first time.
 * Undefined where there is none.
 */
export function spentUntilStarts(log: TraceLog): TimeUntilStarts | undefined {
  const { waits, startedUs } = podStarts(log);
  if (startedUs.size === 0) return undefined;
  const madeUs = new Map<number, number>();
  inOneGo(
    spentBefore(
      log,
      (runner) => startedUs.has(runner),
      (runner, us) => madeUs.set(runner, us),
    ),
  );
  if (madeUs.size === 0) return undefined;
  const podUs: Record<string, number> = {};
  for (const [runner, us] of madeUs) {
    const ends = [...(waits.get(runner) ?? []), { atUs: startedUs.get(runner) ?? us, waitsFor: '' }];
    let [fromUs, waitsFor] = [us, 'created'];
    for (const next of ends) {
      if (next.atUs > fromUs) {
        podUs[waitsFor] = (podUs[waitsFor] ?? 0) + next.atUs - fromUs;
        fromUs = next.atUs;
      }
      ({ waitsFor } = next);
    }
  }
  return { ...inOneGo(spentBefore(log, (runner) => madeUs.has(runner))), podUs };
}

/** From when a pod waits for something else. */
interface PodWait {
  readonly atUs: number;
  readonly waitsFor: string;
}

/** By runner, when its pod ran for the first time, and what pods waited for before that. */
function podStarts(log: TraceLog): { startedUs: Map<number, number>; waits: Map<number, PodWait[]> } {
  const { objects, whys } = log.rows;
  const startedUs = new Map<number, number>();
  const waits = new Map<number, PodWait[]>();
  for (let row = 0; row < objects.object.length; row++) {
    const runner = objects.object.get(row);
    const state = POD_STATES[objects.pod.get(row)];
    if (state === undefined || startedUs.has(runner)) continue;
    const atUs = objects.span.startedUs(row);
    if (state === 'running' || state === 'ready') startedUs.set(runner, atUs);
    else {
      const wait = { atUs, waitsFor: whys[objects.why.get(row)]?.trouble?.code ?? state };
      addTo(waits, runner, wait);
    }
  }
  return { startedUs, waits };
}

/** Of all runners, each from when it was first queued to its first pod, or to its last pass where it got none. */
export function spentUntilPods(log: TraceLog): InParts<TimeSpent> {
  return spentBefore(log, () => true);
}

function* spentBefore(
  log: TraceLog,
  includes: (runner: number) => boolean,
  onPod: (runner: number, madeUs: number) => void = () => undefined,
): InParts<TimeSpent> {
  const { passes, requests, words } = log.rows;
  const made = new MadeByRows(log.rows);
  const spent = { workerUs: 0, delayUs: 0, actionsUs: 0, kubernetesUs: 0, otherUs: 0 };
  const limiterUs: Record<string, number> = {};
  /** By number of the runner's name: the end of its last pass, Infinity once it has a pod; NaN before its first. */
  const doneUntil = new Float64Array(log.rows.strings.length).fill(NaN);
  let runners = 0;
  yield* eachRow(log.passCount, (pass) => {
    const runner = passes.object.get(pass);
    if (!log.rows.isOfRunner(pass) || !includes(runner)) return;
    const startedUs = passes.span.startedUs(pass);
    const endedUs = passes.span.endedUs(pass);
    // One that goes on, or has no known beginning, does not show how long things took.
    if (Number.isNaN(startedUs) || Number.isNaN(endedUs)) return;
    const readyUs = orElse(passes.readyUs(pass), startedUs);
    const queuedUs = orElse(passes.queuedUs(pass), readyUs);
    const lastUs = doneUntil[runner] as number;
    if (lastUs === Infinity) return;
    if (Number.isNaN(lastUs)) runners++;
    const beforeUs = orElse(lastUs, queuedUs);
    let [podUs, requestsUs] = [Infinity, 0];
    for (let request = passes.lastRequest.get(pass); request >= 0; request = requests.before(request)) {
      const answeredUs = requests.span.endedUs(request);
      if (made.of(request) === 'pod') podUs = orElse(answeredUs, Infinity);
      const throttledUs = requests.throttled.get(request) || 0;
      if (throttledUs > 0) {
        const kind = kindOf(words.text(requests.resource.get(request))) ?? '';
        limiterUs[kind] = (limiterUs[kind] ?? 0) + throttledUs;
      }
      const [tookUs, to] = [answeredUs - requests.sentUs(request), requests.to.get(request)];
      if (Number.isNaN(tookUs) || Number.isNaN(to)) continue;
      spent[to === 1 ? 'actionsUs' : 'kubernetesUs'] += tookUs;
      requestsUs += tookUs + throttledUs;
    }
    // A key that is added during a pass waits for that pass first.
    const waitsFromUs = Math.max(queuedUs, beforeUs);
    const delayEndsUs = Math.max(readyUs, waitsFromUs);
    spent.delayUs += delayEndsUs - waitsFromUs;
    spent.workerUs += startedUs - delayEndsUs;
    spent.otherUs += waitsFromUs - beforeUs + Math.min(podUs, endedUs) - startedUs - requestsUs;
    doneUntil[runner] = podUs === Infinity ? endedUs : Infinity;
    if (podUs !== Infinity) onPod(runner, Math.min(podUs, endedUs));
  });
  return { ...spent, runners, limiterUs };
}

/**
 * How many Kubernetes requests the client's limiter let through before `untilUs`, by kind of object. Lists, which have
 * buckets of their own, are not counted.
 */
export function* requestsUntil(log: TraceLog, untilUs: number): InParts<Record<string, number>> {
  const { passes, requests, words } = log.rows;
  /** By number of the resource's word, in the order in which they came. */
  const counts = new Map<number, number>();
  yield* eachRow(log.passCount, (pass) => {
    if (!passes.hasEnded(pass) || passes.span.baseUs(pass) >= untilUs) return;
    for (let request = passes.lastRequest.get(pass); request >= 0; request = requests.before(request)) {
      if (requests.to.get(request) !== 0 || words.textOf(requests.verb.get(request)) === 'list') continue;
      const sentUs = requests.span.baseUs(request) + (requests.throttled.get(request) || 0);
      if (!(sentUs < untilUs)) continue;
      const resource = requests.resource.get(request);
      counts.set(resource, (counts.get(resource) ?? 0) + 1);
    }
  });
  const ofKinds: Record<string, number> = {};
  for (const [resource, count] of counts) {
    const kind = kindOf(words.textOf(resource)) ?? '';
    ofKinds[kind] = (ofKinds[kind] ?? 0) + count;
  }
  return ofKinds;
}

function orElse(value: number, fallback: number): number {
  return Number.isNaN(value) ? fallback : value;
}

import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import { START_UP_US } from '../../src/run/start-embedded.ts';
import { startRun } from '../../src/run/start-run.ts';

/** A burst of the real controllers. Times are milliseconds after the first object was sent. */
export interface RecordedBurst {
  readonly load: 'runners made one by one' | 'one EphemeralRunnerSet';
  readonly mode: string;
  readonly workers: number;
  /** How long the service waited before it answered a JIT call. */
  readonly jitMs: number;
  readonly n: number;
  readonly allRunnersCreatedMs: number;
  readonly first: number;
  readonly median: number;
  readonly last: number;
  readonly k8sTotal: number;
  /** When the controllers' requests arrived, by kind. */
  readonly arrivalsMs: Readonly<Record<string, readonly number[]>>;
}

/** When pods were made, in milliseconds, and how many requests to Kubernetes there were. */
export type PlayedBurst = Pick<RecordedBurst, 'first' | 'median' | 'last' | 'k8sTotal'>;

/**
 * How fast a burst's server was: while runners were being made, and afterwards. Both are the same where a set makes the
 * runners: their pace is then the controller's.
 */
export interface ServerSpeed {
  readonly creatingUs: number;
  readonly afterwardsUs: number;
}

/** Bursts whose calls ran one at a time had one every 202 ms where the service waited for 200. */
const CALL_MS = 2;
/** A longer gap is a wait: for the service, or for the client's limit. */
const LONGEST_GAP_MS = 40;
/** While runners are made a controller's requests come further apart than this, later several in a row do not. */
const BUSY_GAP_MS = 15;
const IN_A_ROW = 5;

/**
 * The machine of the recordings had other work, and none of it was the same for two bursts. What the server was slowed by
 * is read off the recording: the making of the runners took so much longer, and the gaps between the controllers'
 * requests are so much longer, than on our server.
 */
export function speedOf(recorded: RecordedBurst): ServerSpeed {
  const { apiLatencyUs } = DEFAULT_SETTINGS;
  const usual = play(recorded, 1, { creatingUs: apiLatencyUs, afterwardsUs: apiLatencyUs });
  const { allRunnersCreatedMs, last } = recorded;
  const arrivals = inOrder(Object.values(recorded.arrivalsMs).flat());
  const scaled = (theirs: number, ours: number): number => Math.round((apiLatencyUs * theirs) / ours);
  const gapMs = meanGap(arrivals, allRunnersCreatedMs, last);
  const oursFromMs = isThroughSet(recorded) ? allRunnersCreatedMs : usual.createdMs;
  const afterwardsUs = scaled(gapMs, meanGap(usual.requestsMs, oursFromMs, usual.last));
  if (isThroughSet(recorded)) return { creatingUs: afterwardsUs, afterwardsUs };
  return { creatingUs: scaled(busyUntil(arrivals, allRunnersCreatedMs), usual.createdMs), afterwardsUs };
}

export function playBurst(recorded: RecordedBurst, seed: number, speed: ServerSpeed): PlayedBurst {
  const { first, median, last, requestsMs } = play(recorded, seed, speed);
  return { first, median, last, k8sTotal: requestsMs.length };
}

/** Of an even number the later one, as in the recordings. */
export function middle(values: readonly number[]): number {
  return inOrder(values)[values.length >> 1] ?? NaN;
}

function play(recorded: RecordedBurst, seed: number, { creatingUs, afterwardsUs }: ServerSpeed) {
  const { workers, jitMs, n } = recorded;
  const mode = RELEASES.listedOf(recorded.mode);
  const jitLatencyUs = (jitMs + CALL_MS) * 1000;
  const settings = { ...DEFAULT_SETTINGS, mode, workers, runners: n, jitLatencyUs, apiLatencyUs: creatingUs, seed };
  const clock = new VirtualClock();
  const onCreationFailed = (error: Error): never => {
    throw error;
  };
  const load = { throughSet: isThroughSet(recorded) };
  const run = startRun({ kind: 'embedded' }, settings, { clock, load, onCreationFailed });
  const { runnerSet, conditions } = run.environment;
  let createdUs = NaN;
  clock.run(Infinity, () => {
    if (Number.isNaN(createdUs) && runnerSet.creation?.answered === n) {
      createdUs = clock.nowUs();
      conditions.change({ apiLatencyUs: afterwardsUs });
    }
    return clock.pending === 0;
  });
  run.end();
  const podsMs: number[] = [];
  const requestsMs: number[] = [];
  for (const { requests = [] } of run.trace.passes()) {
    for (const { to, verb, resource, status, started = NaN } of requests) {
      if (to !== 'kubernetes') continue;
      const atMs = (started - START_UP_US) / 1000;
      requestsMs.push(atMs);
      if (verb === 'create' && resource === 'pods' && status === 201) podsMs.push(atMs);
    }
  }
  const [first, last] = [Math.min(...podsMs), Math.max(...podsMs)];
  const createdMs = (createdUs - START_UP_US) / 1000;
  return { first, median: middle(podsMs), last, createdMs, requestsMs: inOrder(requestsMs) };
}

function isThroughSet({ load }: RecordedBurst): boolean {
  return load === 'one EphemeralRunnerSet';
}

/** When the server was no longer busy with making runners: a straggler may come after that. */
function busyUntil(arrivalsMs: readonly number[], allRunnersCreatedMs: number): number {
  const quick = arrivalsMs.findIndex((_ms, index) => {
    const row = arrivalsMs.slice(index, index + IN_A_ROW + 1);
    return row.slice(1).every((ms, place) => ms - (row[place] ?? ms) <= BUSY_GAP_MS);
  });
  return Math.min(arrivalsMs[quick] ?? Infinity, allRunnersCreatedMs);
}

/** The mean of the gaps that are no waits. */
export function meanGap(arrivalsMs: readonly number[], fromMs: number, toMs: number): number {
  const between = arrivalsMs.filter((ms) => ms > fromMs && ms <= toMs);
  const gaps = between.slice(1).map((ms, index) => ms - (between[index] ?? ms));
  const short = gaps.filter((ms) => ms > 0 && ms <= LONGEST_GAP_MS);
  return short.reduce((sum, ms) => sum + ms, 0) / short.length;
}

function inOrder(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

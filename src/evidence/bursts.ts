import type { Doing, Milestone, Note } from './messages.ts';
import type { Process } from './process.ts';
import { keyOf, type Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import { isBefore, type Seen, type Step } from './seen.ts';

/** Between bursts nothing is on its way to a pod for this long, where the log does not tell when runners were created. */
const APART_US = 5e6;

/** Runners that were on their way to a pod at the same time. */
export interface Burst {
  /** In the order of their pods. */
  readonly runners: readonly RunnerHistory[];
  readonly start: Seen;
  /** Whether the log tells when the runners were created; otherwise the start is a first line of theirs. */
  readonly isStartCreation: boolean;
  /** Whether the log begins in the middle of it, so that it began before `start`. */
  readonly isCut: boolean;
  readonly firstPod: Seen;
  /** The controller that made its last pod. */
  readonly process: Process;
  readonly lastPod: Seen;
  /** Runners that were on their way as well and have no pod yet where the log ends; none where it goes on without them. */
  readonly waiting: readonly RunnerHistory[];
  readonly lastRegistration: Seen | undefined;
  readonly registeredBeforeFirstPod: number;
  /** The most runners that had registered and had no secret, or where no line has one no pod, yet. */
  readonly registeredAtOnce: number;
  /** For how long at least one JIT call went on. */
  readonly jitCallsUs: number;
  /** For how long their ways did what, all runners together. */
  readonly spentUs: ReadonlyMap<Doing, number>;
}

export function wayStart(runner: RunnerHistory): Seen {
  return runner.milestones.get('created') ?? runner.first;
}

/** Runners without a pod are in no burst, nor those that had registered before the log began. */
export function isInBurst({ startsInLife, milestones }: RunnerHistory): boolean {
  return milestones.has('podCreated') && (!startsInLife || milestones.has('registered'));
}

/**
 * The bursts of a log, longest first. Runners without a pod are in none; of those that began before the log, the ones that
 * register in it count from their first line.
 */
export function burstsOf(reading: Reading): Burst[] {
  const started = [...reading.runners.values()].filter(isInBurst);
  const startsUs = Float64Array.from(started, (runner) => wayStart(runner).at.us);
  const inOrder = [...started.keys()].sort((a, b) => (startsUs[a] ?? 0) - (startsUs[b] ?? 0));
  const groups: RunnerHistory[][] = [];
  let endUs = Number.NEGATIVE_INFINITY;
  for (const index of inOrder) {
    const runner = started[index] as RunnerHistory;
    // One that is created when all before it have their pods has waited for none of them.
    const apartUs = runner.milestones.has('created') ? 0 : APART_US;
    if ((startsUs[index] ?? 0) > endUs + apartUs) groups.push([]);
    groups.at(-1)?.push(runner);
    endUs = Math.max(endUs, podOf(runner).at.us);
  }
  const waiting = stillComing(reading);
  return groups.map((group) => burst(reading, group, waiting)).sort((a, b) => durationUs(b) - durationUs(a));
}

export function durationUs(burst: Burst): number {
  return burst.lastPod.at.us - burst.start.at.us;
}

interface Part {
  readonly doing: Doing;
  readonly us: number;
  readonly from: Step;
  readonly until: Seen;
}

/** A runner's way to its pod in parts that sum to it exactly. */
export function partsOf(runner: RunnerHistory): Part[] {
  const pod = runner.milestones.get('podCreated');
  if (pod === undefined) return [];
  const steps = runner.way.filter(({ at }) => at.us <= pod.at.us);
  return steps.flatMap((from, index) => {
    const until = steps[index + 1] ?? pod;
    return from.doing === 'rest' ? [] : [{ doing: from.doing, us: until.at.us - from.at.us, from, until }];
  });
}

/** What keeps a runner from its pod for a reason of its own, which other findings tell. */
const STUCK: readonly Note[] = [
  'quota',
  'pod refused',
  'name conflict',
  'failed for good',
  'recreated',
  'outdated',
  'secret corrupted',
];

/** What only a runner with a pod comes to, or one that needs none any more. */
const PAST_POD: readonly Milestone[] = [
  'podCreated',
  'scheduled',
  'running',
  'jobStarted',
  'finished',
  'deleted',
  'gone',
];

/**
 * Runners that a log shows on their way, and neither a pod nor an end of them. Those of a dump are not meant: nobody knows
 * what came next.
 */
export function withoutPod(reading: Reading): RunnerHistory[] {
  const { runners, objects, podEvents } = reading;
  const dumped = new Set(objects.runners.map(({ object }) => keyOf(object)));
  const isCut = beginsInLives(reading);
  return [...runners.values()].filter(
    (runner) =>
      !dumped.has(`${runner.namespace}/${runner.name}`) &&
      !podEvents.has(`${runner.namespace}/${runner.name}`) &&
      !runner.hasPod &&
      !PAST_POD.some((milestone) => runner.milestones.has(milestone)) &&
      (runner.milestones.has('created') || (!runner.startsInLife && !(isCut && isOnlyFinalized(runner)))),
  );
}

/** Whether the log shows a runner whose life began before it. */
function beginsInLives({ runners }: Reading): boolean {
  for (const { startsInLife } of runners.values()) if (startsInLife) return true;
  return false;
}

/** Finalizers are added again to a runner that has its pod, where the cache is late: until the next line it may be either. */
function isOnlyFinalized({ milestones, way }: RunnerHistory): boolean {
  return !milestones.has('registered') && way.every(({ doing }) => doing !== 'jit');
}

/** Runners without a pod that no reason of their own keeps from one. */
function stillComing(reading: Reading): RunnerHistory[] {
  return withoutPod(reading).filter(
    (runner) => !STUCK.some((note) => runner.notes.has(note)) && runner.open?.doing !== 'back-off',
  );
}

/** Of those the ones that still get nearer to a pod as the log ends. */
function waitingIn({ last }: Reading, coming: readonly RunnerHistory[], start: Seen, lastPod: Seen): RunnerHistory[] {
  if (last === undefined) return [];
  const waiting = coming.filter((runner) => {
    const { us } = wayStart(runner).at;
    return us >= start.at.us && us <= lastPod.at.us + APART_US;
  });
  const activeUs = waiting.reduce((latest, runner) => Math.max(latest, runner.lastUs), lastPod.at.us);
  return last.at.us - activeUs > APART_US ? [] : waiting;
}

export function podOf(runner: RunnerHistory): Seen {
  return runner.milestones.get('podCreated') as Seen;
}

function burst(reading: Reading, group: readonly RunnerHistory[], coming: readonly RunnerHistory[]): Burst {
  const runners = group
    .map((runner) => ({ runner, pod: podOf(runner) }))
    .sort((a, b) => a.pod.at.us - b.pod.at.us || a.pod.line - b.pod.line)
    .map(({ runner }) => runner);
  const first = group[0] as RunnerHistory;
  const firstPod = podOf(runners[0] as RunnerHistory);
  const lastPod = podOf(runners.at(-1) as RunnerHistory);
  const registrations = runners
    .flatMap(({ milestones }) => milestones.get('registered') ?? [])
    .sort((a, b) => a.at.us - b.at.us || a.line - b.line);
  const spentUs = new Map<Doing, number>();
  const jitCalls: Stretch[] = [];
  for (const runner of runners) {
    for (const { doing, us, from, until } of partsOf(runner)) {
      spentUs.set(doing, (spentUs.get(doing) ?? 0) + us);
      if (doing === 'jit') jitCalls.push([from, until]);
    }
  }
  return {
    runners,
    start: wayStart(first),
    isStartCreation: first.milestones.has('created'),
    isCut: isCutBefore(reading, first),
    firstPod,
    process: (runners.at(-1) as RunnerHistory).process,
    lastPod,
    waiting: waitingIn(reading, coming, wayStart(first), lastPod),
    lastRegistration: registrations.at(-1),
    registeredBeforeFirstPod: registrations.filter((registered) => isBefore(registered, firstPod)).length,
    registeredAtOnce: mostAtOnce(runners.flatMap(registeredWithoutSecret)),
    jitCallsUs: unionUs(jitCalls),
    spentUs,
  };
}

type Stretch = readonly [begun: Seen, ended: Seen];

/** From a runner's registration to its secret or, where no line has one, its pod. */
function registeredWithoutSecret({ milestones }: RunnerHistory): Stretch[] {
  const [begun, ended] = [milestones.get('registered'), milestones.get('secret') ?? milestones.get('podCreated')];
  return begun === undefined || ended === undefined ? [] : [[begun, ended]];
}

function mostAtOnce(stretches: readonly Stretch[]): number {
  const steps = stretches.flatMap(([begun, ended]) => [
    { seen: begun, change: 1 },
    { seen: ended, change: -1 },
  ]);
  let [now, most] = [0, 0];
  for (const { change } of steps.sort((a, b) => (isBefore(a.seen, b.seen) ? -1 : 1))) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}

/** Microseconds in which at least one of them goes on. */
function unionUs(stretches: readonly Stretch[]): number {
  const inOrder = stretches.map(([begun, ended]) => [begun.at.us, ended.at.us] as const).sort(([a], [b]) => a - b);
  let [sum, endUs] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, until] of inOrder) {
    sum += Math.max(0, until - Math.max(from, endUs));
    endUs = Math.max(endUs, until);
  }
  return sum;
}

/** Runners were on their way already when the log began, and the beginning of this one may have come before it as well. */
function isCutBefore({ first, runners }: Reading, runner: RunnerHistory): boolean {
  const isAtStart = (seen: Seen): boolean => first !== undefined && seen.at.us - first.at.us < APART_US;
  if (runner.startsInLife) return true;
  if (runner.milestones.has('created') || !isAtStart(runner.first)) return false;
  return [...runners.values()].some((other) => other.startsInLife && isAtStart(other.first));
}

import { firstThat } from '../base/first-that.ts';
import { durationUs, isInBurst, podOf, wayStart, type Burst } from './bursts.ts';
import { isAboutOne } from './one-runner.ts';
import type { Reading } from './reading.ts';
import { releaseOfProcess, type Release } from './release.ts';
import { leastUsAtLimit, limitedIn, type Limited } from './request-rates.ts';
import type { RunnerHistory } from './runner-history.ts';

/** A last pod that comes sooner than this is no news. */
const SLOW_US = 10e6;
/** Calls to a healthy service take less. */
const SLOW_CALL_US = 1e6;
/** A part that is the cause takes at least this share of the workers' time. */
const MAIN_SHARE = 0.5;
/** Where requests run at the client's limit, at least this share of the workers' time goes to others than JIT calls. */
const LIMITED_SHARE = 0.25;
/** Where nobody waits for this share of a burst, its runners came no faster than their pods. */
const ALONG_SHARE = 0.15;
/** Requests that take no longer than this on average, with what the worker does beside them, were not held back by a limit. */
const UNHELD_US = 25e3;
/** JIT calls that take this share of the workers' time, beside requests that were not held back, are what the workers are busy with. */
const MOST_SHARE = 0.6;
/** JIT calls that take this share of the workers' time leave nothing for another cause to explain. */
const ALONE_SHARE = 0.7;

/** Lines stand for about as many requests as there were: a burst that took less than the limit allows by more than this had another one. */
const FITTING = 1.1;
/** Where stamps have whole seconds, a burst took up to one more. */
const CLOCK_US = 1e6;

/** Calls that take more of a burst than this leave next to nothing for a second worker to do meanwhile. */
const ALL_SHARE = 0.9;

export type BurstCause =
  | 'registrations first'
  | 'actions lock'
  | 'workers busy'
  | 'lock or workers'
  | 'service slow'
  | 'client limit'
  | 'kubernetes slow';

export interface SlowBurst {
  readonly burst: Burst;
  readonly cause: BurstCause | undefined;
  readonly waitUs: number;
  /** The longest that one of its runners waited: less than the burst took where they came one after another. */
  readonly longestUs: number;
  readonly workers: number;
  readonly isWorkersKnown: boolean;
  /** The one that wrote the lines of its part of the log. */
  readonly release: Release | undefined;
  /** Of one JIT call, its wait for other runners' calls included. */
  readonly jitMeanUs: number;
  /** From the end of one JIT call to that of the next, all workers together. */
  readonly jitEveryUs: number;
  /** How long requests ran at the client's limit, by kind of object, longest first. */
  readonly limited: readonly Limited[];
}

/** Bursts with what took their time; whether one is slow, `isSlow` says. */
export function explainedBursts(reading: Reading, bursts: readonly Burst[]): SlowBurst[] {
  return bursts.map((burst) => {
    const waitUs = durationUs(burst);
    const calls = burst.runners.length;
    const facts = {
      burst,
      waitUs,
      longestUs: longestWaitUs(burst),
      workers: burst.process.workers?.count ?? Math.max(1, burst.process.mostJitCallsAtOnce),
      isWorkersKnown: burst.process.workers !== undefined,
      release: releaseOfProcess(reading, burst.process),
      jitMeanUs: (burst.spentUs.get('jit') ?? 0) / calls,
      jitEveryUs: waitUs / calls,
      limited: limitedIn(reading, burst),
    };
    // Lines of one runner tell its own call from no wait for those of others.
    const isTold = !isAboutOne(reading) || facts.release?.hasLock === false;
    return { ...facts, cause: isTold ? causeOf(facts) : undefined };
  });
}

/** Finds the burst that a runner is in: they come one after the other, so that the runner's beginning tells it. */
export function burstFinder(bursts: readonly SlowBurst[]): (runner: RunnerHistory) => SlowBurst | undefined {
  const inOrder = [...bursts].sort((a, b) => a.burst.start.at.us - b.burst.start.at.us);
  return (runner) => {
    if (!isInBurst(runner)) return undefined;
    const { us } = wayStart(runner).at;
    const next = firstThat(inOrder.length, (place) => (inOrder[place] as SlowBurst).burst.start.at.us > us);
    const found = inOrder[next - 1];
    return found !== undefined && us <= found.burst.lastPod.at.us ? found : undefined;
  };
}

/** Whether its last pod came late enough, after its runner, to be a finding. */
export function isSlow(slow: SlowBurst): boolean {
  return slow.waitUs >= SLOW_US && isWaitedFor(slow);
}

/** Whether runners waited, and did not just come one after another; where the log does not show them come, they did. */
export function isWaitedFor({ burst, waitUs, longestUs }: SlowBurst): boolean {
  return !burst.isStartCreation || longestUs >= ALONG_SHARE * waitUs;
}

/** No longer than the clock shows for sure. */
function longestWaitUs({ runners, waiting, start, lastPod }: Burst): number {
  // Those without a pod have waited for longer than anybody else.
  if (waiting.length > 0) return lastPod.at.us - start.at.us;
  return runners.reduce((most, runner) => {
    const { us, withinUs } = wayStart(runner).at;
    return Math.max(most, podOf(runner).at.us - us - withinUs);
  }, 0);
}

/** Where a pass goes on, a runner that has registered has a worker until its secret is made. */
export function hasOneStepAPass({ burst, workers }: Pick<SlowBurst, 'burst' | 'workers'>): boolean {
  return burst.registeredAtOnce > workers + 1;
}

type Facts = Omit<SlowBurst, 'cause'>;

function causeOf(facts: Facts): BurstCause | undefined {
  const { burst, waitUs, workers } = facts;
  const spent = (...kinds: Parameters<Burst['spentUs']['get']>[0][]): number =>
    kinds.reduce((sum, kind) => sum + (burst.spentUs.get(kind) ?? 0), 0);
  if (spent('back-off') > MAIN_SHARE * spent('jit', 'secrets', 'runners', 'pods', 'service', 'back-off')) {
    return undefined;
  }
  const isOneStepAPass = hasOneStepAPass(facts);
  const isFirstPodLate = burst.firstPod.at.us - burst.start.at.us >= MAIN_SHARE * waitUs;
  if (isOneStepAPass && isFirstPodLate) return 'registrations first';
  // Where a pass goes on, what follows a registration and a secret are requests for secrets.
  const secrets = spent('secrets', ...(isOneStepAPass ? [] : (['registered', 'secret made'] as const)));
  const jit = spent('jit');
  const busy = jit + secrets + spent('runners', 'pods', 'service');
  const isBusy = busy >= MAIN_SHARE * waitUs * workers;
  // A registration reads a secret, so that the limit makes the calls longer as well; without it the rest takes next to nothing.
  const isHeldBack =
    isAtLimit(facts) &&
    busy - jit >= LIMITED_SHARE * busy &&
    facts.release?.hasLock !== true &&
    !(isLimitedElsewhere(facts) && jit >= ALONE_SHARE * waitUs * workers) &&
    !(jit >= MOST_SHARE * waitUs * workers && busy - jit < UNHELD_US * requestsOf(facts));
  // A call that holds the lock keeps all workers, also where no line shows that theirs wait for it.
  const isLockTaken = facts.release?.hasLock === true && burst.jitCallsUs >= ALONE_SHARE * waitUs;
  const isMostJit = jit >= MAIN_SHARE * busy && (isLockTaken || jit >= MAIN_SHARE * waitUs * workers);
  if (isMostJit && !isHeldBack) return causeOfCalls(facts);
  if (isAtLimit(facts)) return 'client limit';
  if (jit > 0 && jit >= MAIN_SHARE * waitUs && burst.runners.length === 1) return 'service slow';
  return isBusy ? 'kubernetes slow' : undefined;
}

function causeOfCalls(facts: Facts): BurstCause {
  const { burst, release, workers, waitUs, jitEveryUs, jitMeanUs } = facts;
  const hasLock = release?.hasLock;
  const isInTurn = hasLock !== false && burst.process.mostJitCallsAtOnce > 1;
  if ((isInTurn ? jitEveryUs : jitMeanUs) >= SLOW_CALL_US) return 'service slow';
  // One worker waits for no lock. What it does beside its calls another would do meanwhile, so that it helps with the lock, too.
  const isAlone = workers === 1 && burst.process.mostJitCallsAtOnce < 2;
  if (isAlone && burst.jitCallsUs <= ALL_SHARE * waitUs) return 'workers busy';
  if (hasLock === undefined) return 'lock or workers';
  return hasLock ? 'actions lock' : 'workers busy';
}

/** All that lines show, of the kinds that runners need most. */
function requestsOf({ limited }: Facts): number {
  return limited.reduce((sum, { requests }) => sum + requests, 0);
}

/** Requests for secrets were not held back, which are the ones that come with a JIT call. */
function isLimitedElsewhere({ limited, waitUs }: Facts): boolean {
  const secrets = limited.find(({ kind }) => kind === 'secrets');
  return (secrets?.seconds ?? 0) * 1e6 < MAIN_SHARE * waitUs;
}

/** Where two kinds of object were limited one after the other, both count. Requests that came faster disprove the limit. */
function isAtLimit({ limited, waitUs }: Facts): boolean {
  const isFaster = limited.some(({ requests }) => leastUsAtLimit(requests) > FITTING * waitUs + CLOCK_US);
  return !isFaster && limited.reduce((sum, { seconds }) => sum + seconds * 1e6, 0) >= MAIN_SHARE * waitUs;
}

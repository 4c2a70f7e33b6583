import { partsOf } from './bursts.ts';
import { hasOneStepAPass, type BurstCause, type SlowBurst } from './burst-cause.ts';
import { MILESTONES, type Doing, type Milestone } from './messages.ts';
import { formatUs, isUndated } from './moment.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Seen } from './seen.ts';

/** What a part of a runner's wait is put down to. */
type Cause = 'worker busy' | 'actions lock' | 'actions service' | 'kubernetes' | 'back-off';

/** One part of a runner's wait; all times in microseconds. */
export interface PathPart {
  readonly cause: Cause;
  /** What it is that held the worker, or the request, where the whole burst shows it. */
  readonly heldBy?: string;
  /** By the stamps of its lines. */
  readonly us: number;
  /** What it took lies between the two, as stamps are no finer than their clock. */
  readonly leastUs: number;
  readonly mostUs: number;
  readonly evidence: readonly string[];
}

/** What a burst's cause holds. */
const HELD_BY: Partial<Readonly<Record<BurstCause, { readonly by: string; readonly causes: readonly Cause[] }>>> = {
  'client limit': { by: "the Kubernetes client's limit", causes: ['worker busy', 'kubernetes'] },
  'actions lock': { by: 'the lock of the Actions client', causes: ['worker busy'] },
  'lock or workers': { by: 'JIT calls of other runners', causes: ['worker busy'] },
  'workers busy': { by: 'JIT calls of other runners', causes: ['worker busy'] },
  'service slow': { by: 'slow JIT calls', causes: ['worker busy'] },
  'kubernetes slow': { by: 'slow requests to Kubernetes', causes: ['worker busy'] },
};

export interface MilestoneTime {
  /** RFC 3339 with microseconds. */
  readonly at: string;
  /** The end of the interval, where the clock is coarser than a microsecond. */
  readonly until?: string;
}

/** What is known of all runners of a log, by which the answer on one is made. */
export interface Answering {
  readonly burstOf: (runner: RunnerHistory) => SlowBurst | undefined;
  /** Whether no line is missing that would change how long something took. */
  readonly isTimeKnown: (runner: RunnerHistory) => boolean;
  readonly lineName: (seen: Seen) => string;
  /** Since when no line is about it, where it waits for its pod as the log ends: one sentence. */
  readonly idle: (runner: RunnerHistory) => string | undefined;
}

/** What is said of a runner. All but its name is made when somebody asks for it: a log may have hundreds of thousands. */
export class RunnerAnswer {
  readonly #runner: RunnerHistory;
  readonly #answering: Answering;

  constructor(runner: RunnerHistory, answering: Answering) {
    this.#runner = runner;
    this.#answering = answering;
  }

  get name(): string {
    return this.#runner.name;
  }

  get namespace(): string {
    return this.#runner.namespace;
  }

  /** Whether the log begins in the middle of its life. */
  get startsInLife(): boolean {
    return this.#runner.startsInLife;
  }

  get milestones(): Partial<Readonly<Record<Milestone, MilestoneTime>>> {
    return ofEach(this.#runner, timeOf);
  }

  get evidence(): Partial<Readonly<Record<Milestone, string>>> {
    return ofEach(this.#runner, this.#answering.lineName);
  }

  /** From its creation, or its first line, to its pod; the parts sum to that exactly. What the clock cannot show is none. */
  get path(): readonly PathPart[] {
    const { burstOf, isTimeKnown, lineName } = this.#answering;
    return isTimeKnown(this.#runner) ? pathOf(this.#runner, burstOf(this.#runner), lineName) : [];
  }

  /** How long it waited for its pod, in microseconds: the sum of its path; infinite for one that was created and has none. */
  get waitedUs(): number {
    const runner = this.#runner;
    if (runner.milestones.has('created') && !runner.hasPod && !runner.milestones.has('podCreated'))
      return Number.POSITIVE_INFINITY;
    return this.#answering.isTimeKnown(runner) && !runner.startsInLife
      ? partsOf(runner).reduce((sum, { us }) => sum + us, 0)
      : 0;
  }

  /** Since when no line is about it, where it waits for its pod as the log ends: one sentence. */
  get idle(): string | undefined {
    return this.#answering.idle(this.#runner);
  }

  toJSON(): Pick<RunnerAnswer, 'name' | 'namespace' | 'startsInLife' | 'milestones' | 'evidence' | 'path'> {
    const { name, namespace, startsInLife, milestones, evidence, path } = this;
    return { name, namespace, startsInLife, milestones, evidence, path };
  }
}

function ofEach<T>({ milestones }: RunnerHistory, what: (seen: Seen) => T): Partial<Record<Milestone, T>> {
  const found: Partial<Record<Milestone, T>> = {};
  for (const milestone of MILESTONES) {
    const seen = milestones.get(milestone);
    if (seen !== undefined && !isUndated(seen.at)) found[milestone] = what(seen);
  }
  return found;
}

function pathOf(runner: RunnerHistory, slow: SlowBurst | undefined, lineName: (seen: Seen) => string): PathPart[] {
  const isOneStepAPass = slow !== undefined && hasOneStepAPass(slow);
  const lockedFromUs = slow?.cause === 'actions lock' ? slow.jitEveryUs : Number.POSITIVE_INFINITY;
  const parts = runner.startsInLife ? [] : partsOf(runner);
  const stretches: { cause: Cause; us: number; from: Seen; until: Seen }[] = [];
  for (const { doing, us, from, until } of parts) {
    const cause = doing === 'jit' && us > lockedFromUs ? 'actions lock' : causeOf(doing, isOneStepAPass);
    const last = stretches.at(-1);
    if (last?.cause === cause && cause !== 'actions lock') [last.us, last.until] = [last.us + us, until];
    else stretches.push({ cause, us, from, until });
  }
  const held = slow?.cause === undefined ? undefined : HELD_BY[slow.cause];
  return stretches
    .filter(({ us }) => us > 0)
    .flatMap(({ cause, us, from, until }): PathPart[] => {
      const evidence = [lineName(from), lineName(until)];
      const offUs = Math.max(from.at.withinUs, until.at.withinUs);
      const part = (of: Cause, partUs: number, leastUs: number): PathPart => ({
        cause: of,
        ...(held?.causes.includes(of) === true ? { heldBy: held.by } : {}),
        us: partUs,
        leastUs: Math.max(0, leastUs),
        mostUs: offUs === 0 ? partUs : partUs + offUs + 1,
        evidence,
      });
      const whole = part(cause, us, offUs === 0 ? us : us - offUs - 1);
      if (cause !== 'actions lock') return [whole];
      // How long a call itself takes is known only as a mean of all.
      const ownUs = Math.round(lockedFromUs);
      return [part(cause, us - ownUs, whole.leastUs - ownUs), { ...part('actions service', ownUs, 0), mostUs: ownUs }];
    });
}

function timeOf({ at }: Seen): MilestoneTime {
  return at.withinUs === 0
    ? { at: formatUs(at.us) }
    : { at: formatUs(at.us), until: formatUs(at.us + at.withinUs + 1) };
}

function causeOf(doing: Doing, isOneStepAPass: boolean): Cause {
  switch (doing) {
    case 'queue':
    case 'rest':
      return 'worker busy';
    case 'registered':
    case 'secret made':
      return isOneStepAPass ? 'worker busy' : 'kubernetes';
    case 'jit':
    case 'service':
      return 'actions service';
    case 'back-off':
      return 'back-off';
    case 'runners':
    case 'secrets':
    case 'pods':
      return 'kubernetes';
  }
}

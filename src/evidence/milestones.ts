import { partsOf } from './bursts.ts';
import type { SlowBurst } from './burst-cause.ts';
import { MILESTONES, type Milestone } from './messages.ts';
import { formatUs, isUndated } from './moment.ts';
import { isAboutOne } from './one-runner.ts';
import { pathOf, type PathPart } from './path.ts';
import type { Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Seen } from './seen.ts';
import { waitSentence } from './wait-sentence.ts';

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
  /** The sentence of the gravest finding that names it, a burst's left out where it has its pod. */
  readonly findingOf: (runner: RunnerHistory) => string | undefined;
  readonly reading: Reading;
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
    const { burstOf, isTimeKnown, lineName, reading } = this.#answering;
    if (!isTimeKnown(this.#runner)) return [];
    const path = pathOf(this.#runner, burstOf(this.#runner), lineName);
    return isAboutOne(reading) && path.some(({ cause }) => cause === 'worker busy') ? [] : path;
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

  /** What it waited for until its pod was made, how long and why: one sentence; or why that cannot be told. */
  get wait(): string {
    const { isTimeKnown, findingOf, reading } = this.#answering;
    const runner = this.#runner;
    return waitSentence({
      reading,
      runner,
      path: this.path,
      isTimeKnown: isTimeKnown(runner),
      finding: findingOf(runner),
    });
  }

  toJSON(): Pick<RunnerAnswer, 'name' | 'namespace' | 'wait' | 'startsInLife' | 'milestones' | 'evidence' | 'path'> {
    const { name, namespace, wait, startsInLife, milestones, evidence, path } = this;
    return { name, namespace, wait, startsInLife, milestones, evidence, path };
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

function timeOf({ at }: Seen): MilestoneTime {
  return at.withinUs === 0
    ? { at: formatUs(at.us) }
    : { at: formatUs(at.us), until: formatUs(at.us + at.withinUs + 1) };
}

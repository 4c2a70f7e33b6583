import { FailedPasses } from './failed-passes.ts';
import { copyOf } from './clean.ts';
import { NONE, type Entries } from './entries.ts';
import { ALWAYS, DOINGS, type Always, type Doing, type Note } from './messages.ts';
import type { Process } from './process.ts';
import { RunnerMilestones } from './runner-milestones.ts';
import { again, type Repeated, type Seen, type Step } from './seen.ts';

const NO_NOTES: ReadonlyMap<Note, Repeated> = new Map();
/** The kind of an entry that says no more than that a line was there. */
const PLAIN = 0;

/** How often a controller has started since the log began: each start ends what goes on, of all runners at once. */
export interface Starts {
  count: number;
}

/** A runner as lines show it. What they say of its way and its milestones is kept in columns. */
export class RunnerHistory {
  readonly name: string;
  /** Empty where only a listener has named it. */
  namespace: string;
  set: string | undefined;
  /** Whether a pass of it was seen. */
  isTouched = false;
  /** Whether the first line, or a later one, shows that it began before the log, so that what came before is not known. */
  startsInLife: boolean;
  runnerId: number | undefined;
  /** Its last question to the service whether it still has the runner, where the answer was that it has. */
  checked: { readonly asked: Seen; readonly answered: Seen } | undefined;
  /** Its listener hears that its job is over. */
  jobEnded: Seen | undefined;
  /** Pods that lines make for it. */
  pods = 0;
  /** The line that makes the last of these. */
  #lastPod: Seen | undefined;
  /** Whether a line shows a pod that may have been made before the log. */
  isPodShown = false;
  /** The controller that has done its last step to its first pod. */
  process: Process;
  /** Passes in a row, up to now, that found nothing new. */
  idlePasses = 0;
  /** The earliest that what its last look at the pod saw can have happened. */
  lookedAtUs: number | undefined;
  /** Whether that was a pod that is pending, or without a state of the runner's container. */
  isContainerMissing = false;
  /** Whether that is the phase in the last line with one: lines name it only where it changes. */
  isPodPending = false;

  /** Which of ALWAYS lines say of it, a bit for each. */
  #said = 0;
  #failed: FailedPasses | undefined;
  #notes: Map<Note, Repeated> | undefined;
  #entries: Entries;
  /** Three entries in a row: its first line, its last one, and what it does. Milestones are the list after the first, its way that after the third. */
  #first: number;
  readonly #starts: Starts;
  /** After how many starts of a controller what it does was begun; negative where nobody knows what it does. */
  #openSince = -1;
  #wayEnd: number;
  #wayLength = 0;
  /** How many steps come up to the first pod; negative before it. */
  #stepsToPod = -1;

  constructor(
    entries: Entries,
    { name, namespace }: Pick<RunnerHistory, 'name' | 'namespace'>,
    seen: Seen,
    startsInLife: boolean,
    process: Process,
    starts: Starts,
  ) {
    this.name = copyOf(name);
    this.namespace = namespace;
    this.startsInLife = startsInLife;
    this.process = process;
    this.#starts = starts;
    this.#entries = entries;
    this.#first = entries.add(seen, PLAIN);
    entries.add(seen, PLAIN);
    this.#wayEnd = entries.add(seen, PLAIN);
  }

  get first(): Seen {
    return this.#entries.seen(this.#first);
  }

  get last(): Seen {
    return this.#entries.seen(this.#last);
  }

  set last(seen: Seen) {
    this.#entries.replace(this.#last, seen, PLAIN);
  }

  get lastUs(): number {
    return this.#entries.us(this.#last);
  }

  /** What its pass does since when; undefined between passes. */
  get open(): Step | undefined {
    return this.#isOpen ? this.#step(this.#open) : undefined;
  }

  /** The same without the line, as a log asks for it with each of its lines. */
  get doing(): Doing | undefined {
    return this.#isOpen ? DOINGS[this.#entries.kind(this.#open)] : undefined;
  }

  get doingSinceUs(): number {
    return this.#isOpen ? this.#entries.us(this.#open) : NaN;
  }

  begin(doing: Doing, seen: Seen): void {
    this.#openSince = this.#starts.count;
    this.#entries.replace(this.#open, seen, DOINGS.indexOf(doing));
  }

  /** Nobody knows what it does now. */
  lose(): void {
    this.#openSince = -1;
  }

  get notes(): ReadonlyMap<Note, Repeated> {
    return this.#notes ?? NO_NOTES;
  }

  say(always: Always): void {
    this.#said |= 1 << ALWAYS.indexOf(always);
  }

  /** Whether a line says that it has come so far. */
  hasSaid(...any: Always[]): boolean {
    return any.some((always) => (this.#said & (1 << ALWAYS.indexOf(always))) !== 0);
  }

  /** Its passes that failed, each kind of error once. */
  get failed(): readonly Repeated[] {
    return this.#failed === undefined ? [] : [...this.#failed.kinds];
  }

  reportError(seen: Seen, text: string): void {
    this.#failed ??= new FailedPasses(this.name);
    this.#failed.report(seen, text);
  }

  endWithError(seen: Seen, text: string): void {
    this.#failed ??= new FailedPasses(this.name);
    this.#failed.end(seen, text);
  }

  /** A line of it that reports no error. */
  goOnWithoutError(): void {
    this.#failed?.goOn();
  }

  note(note: Note, seen: Seen, text: string): void {
    this.#notes ??= new Map();
    this.#notes.set(note, again(this.#notes.get(note), seen, text));
  }

  get milestones(): RunnerMilestones {
    return new RunnerMilestones(this.#entries, this.#first);
  }

  /** From its creation or first line to its first pod. */
  get way(): Step[] {
    const steps = this.steps;
    return this.#stepsToPod < 0 ? steps : steps.slice(0, this.#stepsToPod);
  }

  /** The same, with the first ones after its first pod. */
  get steps(): Step[] {
    const steps: Step[] = [];
    for (let entry = this.#way; entry !== NONE; entry = this.#entries.next(entry)) steps.push(this.#step(entry));
    return steps;
  }

  get stepsAfterPod(): number {
    return this.#stepsToPod < 0 ? 0 : this.#wayLength - this.#stepsToPod;
  }

  madePod(seen: Seen): void {
    this.pods++;
    if (this.pods === 1) this.#stepsToPod = this.#wayLength;
    else this.#lastPod = seen;
  }

  /** The line that makes its last pod. */
  get lastPod(): Seen | undefined {
    return this.#lastPod ?? this.milestones.get('podCreated');
  }

  get wayLength(): number {
    return this.#wayLength;
  }

  /** The second step of its way: the first thing that a worker did for it. */
  get taken(): Step | undefined {
    const second = this.#way === NONE ? NONE : this.#entries.next(this.#way);
    return second === NONE ? undefined : this.#step(second);
  }

  /** Whether it has or had a pod, made in the log or before. */
  get hasPod(): boolean {
    return this.pods > 0 || this.isPodShown;
  }

  goOn(doing: Doing, seen: Seen): void {
    const entry = this.#entries.add(seen, DOINGS.indexOf(doing));
    this.#entries.link(this.#wayEnd, entry);
    this.#wayEnd = entry;
    this.#wayLength++;
  }

  /** Keeps what it has in other columns from now on; the old ones have it no longer. */
  moveTo(entries: Entries): void {
    const old = this.#entries;
    const copy = (from: number): number => entries.add(old.seen(from), old.kind(from));
    /** @returns the last entry of the copied list */
    const copyList = (from: number, to: number): number => {
      let last = to;
      for (let entry = old.next(from); entry !== NONE; entry = old.next(entry)) {
        const copied = copy(entry);
        entries.link(last, copied);
        last = copied;
      }
      return last;
    };
    const [first, , open] = [copy(this.#first), copy(this.#last), copy(this.#open)] as const;
    copyList(this.#first, first);
    this.#wayEnd = copyList(this.#open, open);
    [this.#first, this.#entries] = [first, entries];
  }

  get #last(): number {
    return this.#first + 1;
  }

  get #open(): number {
    return this.#first + 2;
  }

  get #way(): number {
    return this.#entries.next(this.#open);
  }

  get #isOpen(): boolean {
    return this.#openSince === this.#starts.count;
  }

  #step(entry: number): Step {
    return { ...this.#entries.seen(entry), doing: DOINGS[this.#entries.kind(entry)] ?? 'rest' };
  }
}

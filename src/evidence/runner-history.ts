import { FailedPasses } from './failed-passes.ts';
import { copyOf } from './clean.ts';
import { NONE } from './entries.ts';
import { ALWAYS, DOINGS, type Always, type Doing, type Note } from './messages.ts';
import type { Process } from './process.ts';
import type { RunnerColumns } from './runner-columns.ts';
import { RunnerMilestones } from './runner-milestones.ts';
import { noteIn, type Repeated, type Seen, type Step } from './seen.ts';

const NO_NOTES: ReadonlyMap<Note, Repeated> = new Map();
/** The kind of an entry that says no more than that a line was there. */
const PLAIN = 0;
const [TOUCHED, STARTS_IN_LIFE, POD_SHOWN, CONTAINER_MISSING, POD_PENDING] = [1, 2, 4, 8, 16];

/** How often a controller has started since the log began: each start ends what goes on, of all runners at once. */
export interface Starts {
  count: number;
}

/** What few runners have. */
interface Rare {
  checked?: { readonly asked: Seen; readonly answered: Seen };
  jobEnded?: Seen;
  /** The line that makes its last pod, where that is not the first. */
  lastPod?: Seen;
  failed?: FailedPasses;
  notes?: Map<Note, Repeated>;
}

/**
 * A runner as lines show it. What they say is kept in columns: its first line is an entry that its milestones follow as a list;
 * the steps of its way are another list, named by its distance from that entry.
 */
export class RunnerHistory {
  readonly name: string;
  /** Empty where only a listener has named it. */
  namespace: string;
  set: string | undefined = undefined;
  /** The controller that has done its last step to its first pod. */
  process: Process;

  #columns: RunnerColumns;
  #row: number;
  readonly #starts: Starts;
  #rare: Rare | undefined = undefined;

  constructor(
    columns: RunnerColumns,
    { name, namespace }: Pick<RunnerHistory, 'name' | 'namespace'>,
    seen: Seen,
    startsInLife: boolean,
    process: Process,
    starts: Starts,
  ) {
    this.name = copyOf(name);
    this.namespace = namespace;
    this.process = process;
    this.#columns = columns;
    this.#starts = starts;
    this.#row = columns.add(columns.entries.add(seen, PLAIN), seen);
    this.startsInLife = startsInLife;
  }

  /** Whether a pass of it was seen. */
  get isTouched(): boolean {
    return this.#is(TOUCHED);
  }

  set isTouched(is: boolean) {
    this.#mark(TOUCHED, is);
  }

  /** Whether the first line, or a later one, shows that it began before the log, so that what came before is not known. */
  get startsInLife(): boolean {
    return this.#is(STARTS_IN_LIFE);
  }

  set startsInLife(is: boolean) {
    this.#mark(STARTS_IN_LIFE, is);
  }

  /** Whether a line shows a pod that may have been made before the log. */
  get isPodShown(): boolean {
    return this.#is(POD_SHOWN);
  }

  set isPodShown(is: boolean) {
    this.#mark(POD_SHOWN, is);
  }

  /** Whether its last look at the pod saw one that is pending, or without a state of the runner's container. */
  get isContainerMissing(): boolean {
    return this.#is(CONTAINER_MISSING);
  }

  set isContainerMissing(is: boolean) {
    this.#mark(CONTAINER_MISSING, is);
  }

  /** Whether that is the phase in the last line with one: lines name it only where it changes. */
  get isPodPending(): boolean {
    return this.#is(POD_PENDING);
  }

  set isPodPending(is: boolean) {
    this.#mark(POD_PENDING, is);
  }

  get runnerId(): number | undefined {
    const id = this.#columns.runnerId.get(this.#row);
    return id === 0 ? undefined : id;
  }

  set runnerId(id: number | undefined) {
    this.#columns.runnerId.set(this.#row, id ?? 0);
  }

  /** Pods that lines make for it. */
  get pods(): number {
    return this.#columns.pods.get(this.#row);
  }

  set pods(count: number) {
    this.#columns.pods.set(this.#row, count);
  }

  /** Passes in a row, up to now, that found nothing new. */
  get idlePasses(): number {
    return this.#columns.idlePasses.get(this.#row);
  }

  set idlePasses(count: number) {
    this.#columns.idlePasses.set(this.#row, count);
  }

  /** The earliest that what its last look at the pod saw can have happened. */
  get lookedAtUs(): number | undefined {
    const us = this.#columns.lookedAtUs.get(this.#row);
    return us === 0 ? undefined : us;
  }

  set lookedAtUs(us: number) {
    this.#columns.lookedAtUs.set(this.#row, us);
  }

  /** Its last question to the service whether it still has the runner, where the answer was that it has. */
  get checked(): { readonly asked: Seen; readonly answered: Seen } | undefined {
    return this.#rare?.checked;
  }

  set checked(checked: { readonly asked: Seen; readonly answered: Seen }) {
    (this.#rare ??= {}).checked = checked;
  }

  /** Its listener hears that its job is over. */
  get jobEnded(): Seen | undefined {
    return this.#rare?.jobEnded;
  }

  set jobEnded(seen: Seen) {
    (this.#rare ??= {}).jobEnded = seen;
  }

  get first(): Seen {
    return this.#columns.entries.seen(this.#first);
  }

  get last(): Seen {
    return this.#columns.last(this.#row);
  }

  set last(seen: Seen) {
    this.#columns.setLast(this.#row, seen);
  }

  get lastUs(): number {
    return this.#columns.lastUs.get(this.#row);
  }

  /** What its pass does, and since which line; undefined between passes. */
  get open(): Step | undefined {
    const { doing } = this;
    return doing === undefined ? undefined : { ...this.last, doing };
  }

  /** The same without the line, as a log asks for it with each of its lines. */
  get doing(): Doing | undefined {
    const isOpen = this.#columns.starts.get(this.#row) === this.#starts.count + 1;
    return isOpen ? DOINGS[this.#columns.doing.get(this.#row)] : undefined;
  }

  get doingSinceUs(): number {
    return this.doing === undefined ? NaN : this.lastUs;
  }

  /** Its line says what its pass does from now on; the line becomes its last one. */
  begin(doing: Doing): void {
    // After how many starts of a controller it was begun: the next start ends it. 0 where nobody knows what it does.
    this.#columns.starts.set(this.#row, this.#starts.count + 1);
    this.#columns.doing.set(this.#row, DOINGS.indexOf(doing));
  }

  /** Nobody knows what it does now. */
  lose(): void {
    this.#columns.starts.set(this.#row, 0);
  }

  get notes(): ReadonlyMap<Note, Repeated> {
    return this.#rare?.notes ?? NO_NOTES;
  }

  say(always: Always): void {
    const { said } = this.#columns;
    said.set(this.#row, said.get(this.#row) | (1 << ALWAYS.indexOf(always)));
  }

  /** Whether a line says that it has come so far. */
  hasSaid(...any: Always[]): boolean {
    const said = this.#columns.said.get(this.#row);
    return any.some((always) => (said & (1 << ALWAYS.indexOf(always))) !== 0);
  }

  /** Its passes that failed, each kind of error once. */
  get failed(): readonly Repeated[] {
    return this.#rare?.failed === undefined ? [] : [...this.#rare.failed.kinds];
  }

  reportError(seen: Seen, text: string): void {
    this.#failed.report(seen, text);
  }

  endWithError(seen: Seen, text: string): void {
    this.#failed.end(seen, text);
  }

  /** A line of it that reports no error. */
  goOnWithoutError(): void {
    this.#rare?.failed?.goOn();
  }

  note(note: Note, seen: Seen, text: string): void {
    const notes = ((this.#rare ??= {}).notes ??= new Map<Note, Repeated>());
    noteIn(notes, note, seen, text);
  }

  get milestones(): RunnerMilestones {
    return new RunnerMilestones(this.#columns.entries, this.#first);
  }

  /** From its creation or first line to its first pod. */
  get way(): Step[] {
    const steps = this.steps;
    return this.#hasWayToPod ? steps.slice(0, this.#wayToPod) : steps;
  }

  /** The same, with the first ones after its first pod. */
  get steps(): Step[] {
    const { entries } = this.#columns;
    const steps: Step[] = [];
    for (let entry = this.#way; entry !== NONE; entry = entries.next(entry)) steps.push(this.#step(entry));
    return steps;
  }

  get stepsAfterPod(): number {
    return this.#hasWayToPod ? this.wayLength - this.#wayToPod : 0;
  }

  madePod(seen: Seen): void {
    this.pods++;
    if (this.pods === 1) this.#columns.wayToPod.set(this.#row, this.wayLength + 1);
    else (this.#rare ??= {}).lastPod = seen;
  }

  /** The line that makes its last pod. */
  get lastPod(): Seen | undefined {
    return this.#rare?.lastPod ?? this.milestones.get('podCreated');
  }

  get wayLength(): number {
    return this.#columns.wayLength.get(this.#row);
  }

  /** The second step of its way: the first thing that a worker did for it. */
  get taken(): Step | undefined {
    const second = this.#way === NONE ? NONE : this.#columns.entries.next(this.#way);
    return second === NONE ? undefined : this.#step(second);
  }

  /** Whether it has or had a pod, made in the log or before. */
  get hasPod(): boolean {
    return this.pods > 0 || this.isPodShown;
  }

  goOn(doing: Doing, seen: Seen): void {
    this.#goOnAt(this.#columns.entries.add(seen, DOINGS.indexOf(doing)));
    this.#columns.wayLength.set(this.#row, this.wayLength + 1);
  }

  /** Keeps what it has in other columns from now on; the old ones have it no longer. */
  moveTo(columns: RunnerColumns): void {
    const [from, to] = [this.#columns.entries, columns.entries];
    const copy = (entry: number): number => to.add(from.seen(entry), from.kind(entry));
    const [oldFirst, way] = [this.#first, this.#way];
    const first = copy(oldFirst);
    this.#row = columns.copy(this.#columns, this.#row, first);
    this.#columns = columns;
    let last = first;
    for (let entry = from.next(oldFirst); entry !== NONE; entry = from.next(entry)) {
      const copied = copy(entry);
      to.link(last, copied);
      last = copied;
    }
    columns.toWay.set(this.#row, 0);
    for (let entry = way; entry !== NONE; entry = from.next(entry)) this.#goOnAt(copy(entry));
  }

  #goOnAt(entry: number): void {
    const { entries, toWay, toWayEnd } = this.#columns;
    const distance = entry - this.#first;
    if (toWay.get(this.#row) === 0) toWay.set(this.#row, distance);
    else entries.link(this.#first + toWayEnd.get(this.#row), entry);
    toWayEnd.set(this.#row, distance);
  }

  get #first(): number {
    return this.#columns.first.get(this.#row);
  }

  get #way(): number {
    const distance = this.#columns.toWay.get(this.#row);
    return distance === 0 ? NONE : this.#first + distance;
  }

  /** How many steps come up to the first pod; negative before it. */
  get #wayToPod(): number {
    return this.#columns.wayToPod.get(this.#row) - 1;
  }

  get #hasWayToPod(): boolean {
    return this.#wayToPod >= 0;
  }

  get #failed(): FailedPasses {
    return ((this.#rare ??= {}).failed ??= new FailedPasses(this.name));
  }

  #is(flag: number): boolean {
    return (this.#columns.flags.get(this.#row) & flag) !== 0;
  }

  #mark(flag: number, is: boolean): void {
    const flags = this.#columns.flags.get(this.#row);
    this.#columns.flags.set(this.#row, is ? flags | flag : flags & ~flag);
  }

  #step(entry: number): Step {
    const { entries } = this.#columns;
    return { ...entries.seen(entry), doing: DOINGS[entries.kind(entry)] ?? 'rest' };
  }
}

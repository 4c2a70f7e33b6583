import { RUNNER_KIND, type OpenPass as OpenPassEvent, type TraceHeader, type TraceSource } from '../../trace/model.ts';
import { known } from '../../trace/known.ts';
import { TraceLog } from '../../trace/trace-log.ts';
import { copyOf } from '../clean.ts';
import { numberField, objectField, textField } from '../fields.ts';
import { errorOf } from '../fold-runner.ts';
import type { LogRecord } from '../log-record.ts';
import { formatUs } from '../moment.ts';
import type { Seen } from '../seen.ts';
import { AuditedRequests } from './audited-requests.ts';
import { joinAudit } from './join-audit.ts';
import { OpenPass } from './open-pass.ts';
import { AFTER_A_READ, type PassEnding } from './pass-lines.ts';
import { PassRows } from './pass-rows.ts';
import { RunnerStates } from './runner-states.ts';
import { SecondSpread } from './second-spread.ts';
import { WorkerSlots } from './worker-slots.ts';

/** The controller whose passes are put together; its name as in its own lines and metrics. */
const CONTROLLER = 'ephemeralrunner';
/** What a read of the API server takes until the log has shown it, and how much longer one may take than those before it. */
const READ_US = 2e3;
const LONGEST_READ = 5;
/** A free worker takes what is ready at once, but for a read that the client's limit holds back. */
const IDLE_US = 2e6;
/** A pass that waits for no answer writes its next line sooner, and the line is here by then. */
const SILENT_US = 5e6;

type Source = { -readonly [Field in keyof TraceSource]: TraceSource[Field] };

interface Line {
  readonly record: LogRecord;
  readonly seen: Seen;
  readonly us: number;
  readonly withinUs: number;
}

/** What a runner waits for, as far as lines tell. */
export interface NextPass {
  readonly isInPass: boolean;
  /** What queued it since its last pass, and when; undefined where no line tells. */
  readonly trigger: string | undefined;
  readonly queuedUs: number | undefined;
  /** When its delay or back-off has passed. */
  readonly readyUs: number | undefined;
  readonly attempt: number;
}

/** What is known of a runner between its passes. */
interface Runner {
  pass: OpenPass | undefined;
  /** What queued it since its last pass, and when; undefined where the log does not tell. */
  trigger: string | undefined;
  queuedUs: number | undefined;
  readyUs: number | undefined;
  attempt: number;
  /** When its last pass ended, or it was created. */
  freeUs: number;
  /** When its object was gone; a later line shows that it was not. */
  goneUs: number | undefined;
}

/**
 * Makes a trace of a controller's log: passes with worker, phases, requests and result, and the states of runners. What the
 * log does not say is not known there either.
 */
export class TraceMaker {
  /** Until when lines tell the states of runners, in microseconds since 1970; what comes later is known from elsewhere. */
  statesUntilUs = Number.POSITIVE_INFINITY;
  #log: TraceLog | undefined;
  #rows: PassRows | undefined;
  #startUs = 0;
  #lastUs = 0;
  #passes = 0;
  /** About what a read takes, by those that have lines before and after them. */
  #readUs = READ_US;
  /** Whether a pass ends with each step, as up to 0.9.3. */
  #isOneStep = false;
  readonly #sources: Source[] = [];
  readonly #settings: Record<string, unknown> = {};
  readonly #runners = new Map<string, Runner>();
  readonly #states = new RunnerStates();
  readonly #audited = new AuditedRequests();
  readonly #spread = new SecondSpread<Line>((line, us) => this.#read(line, us));
  readonly #workers = new WorkerSlots<OpenPass>((pass) => {
    // More passes than workers: this one has ended where its line did not say so.
    if (pass.isAtStep) this.#learnSteps();
    this.#end(pass, pass.silentEnding(this.#isOneStep));
  });

  take(record: LogRecord, seen: Seen, file: string): void {
    const source = this.#sourceOf(seen.source, file);
    if (record.logger === 'audit') {
      source.kind = 'audit-log';
      this.#audited.take(record);
      return;
    }
    const { us, withinUs } = seen.at;
    source.resolutionUs = Math.max(source.resolutionUs ?? 0, withinUs + 1);
    this.#spread.take({ record, seen, us, withinUs });
  }

  /**
   * @param release what the log was written by
   * @param sampledAway lines that were never written
   * @returns undefined where it has no line of the controller
   */
  end(release: string | undefined, sampledAway = 0): TraceLog | undefined {
    this.#spread.end();
    const log = this.#log;
    if (log === undefined || (log.passCount === 0 && this.#runners.size === 0)) return undefined;
    for (const { pass } of this.#runners.values()) {
      if (pass === undefined) continue;
      // Of a sampled log nobody knows whether an answer is missing or its line.
      if (pass.isAsking && sampledAway === 0) this.#rows?.put(pass.unended());
      else this.#end(pass, pass.silentEnding(this.#isOneStep));
    }
    for (const [object, { goneUs }] of this.#runners)
      if (goneUs !== undefined) this.#addPassAfterEnd(log, object, goneUs);
    if (sampledAway > 0)
      log.addMark({ at: this.#lastUs, what: 'sampled', text: String(sampledAway), basis: 'inferred' });
    const audited = this.#audited.ofController();
    const whole = audited.size === 0 ? log : joinAudit(log, this.#startUs, audited);
    whole.end(this.#lastUs);
    const { sources, settings, ...header } = whole.header;
    return TraceLog.of({ ...whole.parts(), header: { ...header, ...known({ release }), sources, settings } });
  }

  /** Files before it may have had no line for a trace; they keep their numbers. */
  #sourceOf(number: number, file: string): Source {
    while (this.#sources.length <= number) this.#sources.push({ kind: 'controller-log' });
    const source = this.#sources[number] as Source;
    source.file ??= file;
    return source;
  }

  /** So have all others that stand where it stood. */
  #learnSteps(): void {
    this.#isOneStep = true;
    for (const { pass } of this.#runners.values())
      if (pass?.isAtStep === true) this.#end(pass, pass.silentEnding(true));
  }

  #read(line: Line, wallUs: number): void {
    const log = this.begin(wallUs);
    const us = Math.max(0, Math.round(wallUs - this.#startUs));
    this.#lastUs = Math.max(this.#lastUs, us);
    const { record, seen } = line;
    switch (record.logger) {
      case 'EphemeralRunner':
        this.#readRunner(log, line, us);
        return;
      case 'EphemeralRunnerSet':
        if (record.message === 'Created new ephemeral runner') this.#readCreation(log, record, us);
        return;
      case '':
        if (record.message === 'Starting workers' && textField(record.fields, 'controller') === CONTROLLER) {
          const count = numberField(record.fields, 'worker count');
          if (count !== undefined) this.#start(log, count, us);
        } else if (record.message === 'Reconciler error') this.#readError(log, record, seen, us);
        return;
      default:
    }
  }

  /** Begins the trace, which otherwise begins with the first line. @param wallUs its start, in microseconds since 1970 */
  begin(wallUs: number): TraceLog {
    if (this.#log !== undefined) return this.#log;
    this.#startUs = Math.floor(wallUs);
    const header: TraceHeader = {
      type: 'header',
      version: 2,
      start: formatUs(this.#startUs),
      sources: this.#sources,
      settings: this.#settings,
    };
    return this.#logInto(new TraceLog(header));
  }

  /** How many workers there are, where it is known from elsewhere before a line says it. */
  expectWorkers(count: number): void {
    if (this.#settings['workers'] !== undefined) return;
    this.#settings['workers'] = count;
    this.#workers.start(count, 0);
  }

  /**
   * Brings the passes that go on up to date in the trace; those that wait for no answer and have said nothing for long are over.
   * @param untilUs no line is missing before this moment, in microseconds since 1970
   */
  showOpen(untilUs: number): void {
    for (const { pass } of this.#runners.values()) {
      if (pass === undefined || pass.isAsking || untilUs - this.#startUs - pass.lastUs < SILENT_US) continue;
      this.#end(pass, pass.silentEnding(this.#isOneStep));
    }
    for (const pass of this.openPasses()) this.#rows?.put(pass);
  }

  /** The passes that go on, as their last lines left them. */
  *openPasses(): IterableIterator<OpenPassEvent> {
    for (const { pass } of this.#runners.values()) if (pass !== undefined && !pass.mayHaveEnded) yield pass.unended();
  }

  /** What is known of a runner's next pass. All times in microseconds since the trace's start. */
  nextOf(object: string): NextPass | undefined {
    const runner = this.#runners.get(object);
    if (runner === undefined) return undefined;
    const { pass, trigger, queuedUs, readyUs, attempt } = runner;
    return { isInPass: pass !== undefined && !pass.mayHaveEnded, trigger, queuedUs, readyUs, attempt };
  }

  /**
   * Goes on in a new trace with the same start, which has nothing of what is over: a trace of days does not fit into memory.
   * @param isThere whether a runner is to be remembered
   */
  startOver(isThere: (object: string) => boolean): TraceLog {
    const { header } = this.begin(this.#startUs);
    for (const [object, { pass, goneUs }] of this.#runners)
      if (pass === undefined && (goneUs !== undefined || !isThere(object))) this.#runners.delete(object);
    const log = this.#logInto(new TraceLog(header));
    for (const pass of this.openPasses()) this.#rows?.put(pass);
    return log;
  }

  #logInto(log: TraceLog): TraceLog {
    this.#rows = new PassRows(log);
    return (this.#log = log);
  }

  #start(log: TraceLog, workers: number, us: number): void {
    this.#settings['workers'] ??= workers;
    this.#workers.start(workers, us);
    log.addMark({ at: us, what: 'controller-started', basis: 'seen' });
  }

  #readCreation(log: TraceLog, record: LogRecord, us: number): void {
    const set = objectField(record.fields, 'ephemeralrunnerset');
    const name = textField(record.fields, 'runner');
    if (set === undefined || name === undefined) return;
    const object = `${set.namespace}/${name}`;
    if (this.#runners.has(object)) return;
    this.#runnerOf(log, object, us, true);
  }

  #readRunner(log: TraceLog, { record, seen, withinUs }: Line, us: number): void {
    const named = objectField(record.fields, 'ephemeralrunner');
    if (named === undefined) return;
    const object = `${named.namespace}/${named.name}`;
    const { message } = record;
    const runner = this.#runnerOf(
      log,
      object,
      us,
      /^(?:Adding finalizers?|Creating ephemeral runner JIT config)$/.test(message),
    );
    this.#isOneStep ||= /^v?0\.[0-9]\./.test(textField(record.fields, 'version') ?? '');
    const before = runner.pass;
    if (before?.isContinuedBy(message) === false) this.#end(before, before.silentEnding(this.#isOneStep));
    const pass = runner.pass ?? this.#beginPass(runner, object, message, us, withinUs > 0);
    pass.add(record, us);
    log.addLine({
      source: seen.source,
      line: seen.line,
      ...(pass.begun.id === undefined ? {} : { pass: pass.begun.id }),
    });
    const state = this.#states.after(object, record);
    if (state !== undefined && seen.at.us < this.statesUntilUs)
      log.addObject({ kind: RUNNER_KIND, object, at: us, basis: 'seen', ...state });
    if (state?.deleted === true) runner.goneUs = us;
    const ending = pass.ending(this.#isOneStep);
    if (ending !== undefined) this.#end(pass, ending);
  }

  #readError(log: TraceLog, record: LogRecord, seen: Seen, us: number): void {
    if (textField(record.fields, 'controller') !== CONTROLLER) return;
    const named = objectField(record.fields, 'EphemeralRunner');
    if (named === undefined) return;
    const object = `${named.namespace}/${named.name}`;
    const runner = this.#runnerOf(log, object, us, false);
    const pass = runner.pass ?? this.#beginPass(runner, object, '', us, seen.at.withinUs > 0);
    pass.add(record, us);
    log.addLine({
      source: seen.source,
      line: seen.line,
      ...(pass.begun.id === undefined ? {} : { pass: pass.begun.id }),
    });
    this.#end(pass, { result: 'error' }, errorOf(record));
  }

  #runnerOf(log: TraceLog, object: string, us: number, isNew: boolean): Runner {
    let runner = this.#runners.get(object);
    if (runner !== undefined) return runner;
    runner = {
      pass: undefined,
      trigger: isNew ? 'ephemeralrunner-added' : undefined,
      queuedUs: undefined,
      readyUs: undefined,
      attempt: 1,
      freeUs: us,
      goneUs: undefined,
    };
    if (isNew) [runner.queuedUs, runner.readyUs] = [us, us];
    this.#runners.set(copyOf(object), runner);
    if (this.#startUs + us >= this.statesUntilUs) return runner;
    log.addObject({
      kind: RUNNER_KIND,
      object,
      at: us,
      basis: 'seen',
      ...(isNew ? { phase: '', pod: 'none', runnerId: 0 } : {}),
    });
    return runner;
  }

  #beginPass(runner: Runner, object: string, message: string, us: number, isCoarse: boolean): OpenPass {
    const { trigger, queuedUs: queued, readyUs: ready, attempt } = runner;
    const pass = new OpenPass({
      id: String(this.#passes++),
      controller: CONTROLLER,
      object,
      started: us,
      attempt,
      basis: isCoarse ? 'inferred' : 'seen',
    });
    const { begun } = pass;
    const slot = this.#workers.take(pass, us);
    if (slot !== undefined) begun.worker = slot.worker;
    if (slot !== undefined && AFTER_A_READ.has(message)) {
      begun.started = this.#startOf(Math.max(slot.freeUs, runner.freeUs), ready, us);
      pass.readBefore('secrets', us);
    }
    runner.pass = pass;
    runner.goneUs = undefined;
    // Where a worker was free meanwhile, it was something else that queued it, later.
    if (slot !== undefined && ready !== undefined && begun.started - Math.max(slot.freeUs, ready) > IDLE_US)
      return pass;
    Object.assign(begun, known({ trigger, queued }), known({ ready: ready && Math.min(ready, begun.started) }));
    return pass;
  }

  /** When a pass began whose first line comes after a read. Of an object that waits, it is when its worker was free. */
  #startOf(freeUs: number, readyUs: number | undefined, us: number): number {
    const waitedUs = Math.max(freeUs, readyUs ?? Number.POSITIVE_INFINITY);
    if (us - waitedUs >= 0 && us - waitedUs <= IDLE_US) return waitedUs;
    // A busy worker goes from pass to pass; an idle one was called for this one.
    const isBusy = us - freeUs <= LONGEST_READ * this.#readUs;
    return isBusy ? freeUs : Math.max(freeUs, us - Math.round(this.#readUs));
  }

  /** The deletion of an object queues it a last time; that pass finds no object and writes no line. */
  #addPassAfterEnd(log: TraceLog, object: string, us: number): void {
    const [id, trigger] = [String(this.#passes++), 'ephemeralrunner-deleted'];
    log.addPass({
      ...{ type: 'pass', id, controller: CONTROLLER, object, trigger, queued: us, attempt: 1 },
      ...{ ended: us, result: 'done', error: null, phases: [], requests: [], basis: 'inferred' },
    });
  }

  #end(pass: OpenPass, ending: PassEnding, error?: string): void {
    const { object } = pass.begun;
    const runner = this.#runners.get(object);
    if (runner?.pass !== pass) return;
    for (const readUs of pass.readsUs()) this.#readUs += (readUs - this.#readUs) / 8;
    this.#rows?.put(pass.ended(ending, ending.result === 'unknown' ? undefined : (error ?? null)));
    this.#workers.release(pass.begun.worker, pass, pass.lastUs);
    this.#wait(runner, pass, ending);
  }

  /** What queues the runner next, as far as its pass tells. */
  #wait(runner: Runner, pass: OpenPass, { result, afterUs }: PassEnding): void {
    const isRetried = result === 'error' || result === 'requeue';
    runner.pass = undefined;
    runner.freeUs = pass.lastUs;
    runner.attempt = isRetried ? runner.attempt + 1 : 1;
    [runner.trigger, runner.queuedUs, runner.readyUs] = [undefined, undefined, undefined];
    if (result === 'error' || result === 'requeue' || result === 'requeue-after') {
      runner.trigger = result;
      runner.queuedUs = pass.lastUs;
      if (afterUs !== undefined) runner.readyUs = pass.lastUs + afterUs;
      return;
    }
    const write = pass.lastWrite;
    if (result !== 'done' || write === undefined) return;
    const kind = write.resource === 'pods' ? 'pod' : 'ephemeralrunner';
    if (write.resource === 'secrets') return;
    runner.trigger = `${kind}-${write.verb === 'create' ? 'added' : 'updated'}`;
    [runner.queuedUs, runner.readyUs] = [write.ended, write.ended];
  }
}

import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { messageOf } from '../base/message.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import type { LogEffect } from '../runtime/effects.ts';
import type { Informer } from '../runtime/informer.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { AnsweredRequest, Outcome, PassRecord, RequestRecord } from '../runtime/pass-record.ts';
import type { WorkQueue } from '../runtime/work-queue.ts';
import { EPHEMERAL_RUNNER } from '../reconciler/controller.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { answerOf, objectOf } from './request-fields.ts';
import { RunnerRecorder, type TraceDetail } from './runner-recorder.ts';

/** A log line of the controller as it happened. */
export interface ControllerLogLine {
  readonly atUs: number;
  readonly level: 'info' | 'error';
  readonly runner: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

interface TraceRecorderOptions {
  readonly clock: Clock;
  readonly log: TraceLog;
  readonly secrets: SecretRegistry;
  readonly onLogLine?: (line: ControllerLogLine) => void;
  /** Called when the log has one more completed event. */
  readonly onEvent?: () => void;
  /** Leave out what figures are not made of. */
  readonly detail?: TraceDetail | undefined;
}

/**
 * Writes passes, and the states of runners and pods, to a trace; texts are cleared of credentials. When the
 * trace has ended nothing is added to it: passes that end later stay open in it, as those do that are aborted.
 */
export class TraceRecorder implements PassObserver {
  /** Absent where nobody reads log lines: they are many. */
  readonly logged?: (pass: PassRecord, effect: LogEffect, atUs: number) => void;
  /** Absent where only figures are wanted. */
  readonly phaseStarted?: (pass: PassRecord, name: string, atUs: number) => void;
  readonly #options: TraceRecorderOptions;
  readonly #log: TraceLog;
  /** By id of a pass that has not ended: its number in the trace. One that was aborted may still get an answer. */
  readonly #numbers = new Map<number, number>();
  readonly #redact: (text: string) => string;
  /** The last object beside the one of its pass: nearly always the GitHub secret. */
  #other: { namespace: string; name: string; key: string | undefined } = { namespace: '', name: '', key: undefined };
  readonly #runners: RunnerRecorder;
  #queue: Disposable | undefined;

  constructor(options: TraceRecorderOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#redact = (text) => options.secrets.redact(text);
    const { clock, log, onEvent, onLogLine, detail = 'all' } = options;
    const [nowUs, redact] = [(): number => clock.nowUs(), this.#redact];
    this.#runners = new RunnerRecorder({ log, nowUs, redact, detail, basis: 'run', onEvent });
    if (detail === 'all') {
      this.phaseStarted = (pass, name, atUs) => {
        if (!this.#hasEnded) this.#log.beginPhase(this.#numberOf(pass), name, atUs);
      };
    }
    if (onLogLine !== undefined) {
      this.logged = ({ key }, { level, message, fields }, atUs) =>
        onLogLine({ atUs, level, runner: key, message, fields: this.#clean(fields) });
    }
  }

  passStarted(pass: PassRecord): void {
    if (this.#hasEnded) return;
    const { id, controller, key, worker, attempt, trigger, queuedUs, readyUs, startedUs } = pass;
    const number = this.#log.beginPass({
      id,
      controller,
      object: key,
      worker,
      attempt,
      trigger,
      queued: queuedUs,
      ready: readyUs,
      started: startedUs,
      basis: 'run',
    });
    this.#numbers.set(id, number);
  }

  requestStarted(pass: PassRecord, request: RequestRecord): void {
    if (this.#hasEnded) return;
    const { to, verb, resource, throttledUs: throttled, startedUs: started } = request;
    const locked = to === 'actions' ? request.lockedUs : undefined;
    const object = this.#isDetailed ? this.#objectOf(pass.key, request) : undefined;
    this.#log.beginRequest(this.#numberOf(pass), { to, verb, resource, object, throttled, locked, started });
  }

  requestEnded(pass: PassRecord, request: AnsweredRequest): void {
    if (this.#hasEnded) return;
    const answer = answerOf(request, this.#redact);
    const object = request.verb === 'create' && this.#isDetailed ? this.#objectOf(pass.key, request) : undefined;
    this.#log.endRequest(this.#numberOf(pass), object === undefined ? answer : { ...answer, object });
  }

  passEnded(pass: PassRecord, outcome: Outcome, atUs: number): void {
    const afterUs = outcome.kind === 'requeue-after' ? outcome.afterUs : 0;
    let error: string | null = null;
    if (outcome.kind === 'error') {
      error = this.#options.secrets.redact(messageOf(outcome.error));
      this.#options.onLogLine?.({
        atUs,
        level: 'error',
        runner: pass.key,
        message: 'Reconciler error',
        fields: { error },
      });
    }
    if (this.#hasEnded) return;
    this.#log.endPass(this.#numberOf(pass), { result: outcome.kind, after: afterUs, error, ended: atUs });
    this.#numbers.delete(pass.id);
    this.#options.onEvent?.();
  }

  /** An error may quote what it was refused with. */
  #clean(fields: LogEffect['fields']): LogEffect['fields'] {
    if (fields === undefined) return undefined;
    const entries = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? this.#options.secrets.redact(value) : value,
    ]);
    return Object.fromEntries(entries) as Readonly<Record<string, unknown>>;
  }

  /**
   * The process that was followed is gone: what it had not done by then, it never does.
   * @param error why its passes that are open have ended
   */
  processEnded(atUs: number, error: string): void {
    if (this.#hasEnded) return;
    this.#queue?.dispose();
    for (const number of [...this.#log.running()]) {
      this.#log.endPass(number, { result: 'error', after: 0, error, ended: atUs });
    }
    this.#log.endWaits();
  }

  /** Follows the caches, which is what the controller knows of runners and pods, and its work queue. */
  follow(runners: Informer<EphemeralRunner>, pods: Informer<Pod>, queue: WorkQueue): void {
    if (this.#isDetailed) this.#followWaits(queue);
    this.#runners.follow(runners, pods);
  }

  #followWaits(queue: WorkQueue): void {
    this.#queue = queue.listen((key, wait) => {
      if (this.#hasEnded) return;
      if (wait === undefined) this.#log.endWait(key, EPHEMERAL_RUNNER);
      else {
        const { trigger, queuedUs: queued, readyUs: ready } = wait;
        this.#log.beginWait({ object: key, controller: EPHEMERAL_RUNNER, trigger, queued, ready, basis: 'run' });
      }
    });
  }

  get #isDetailed(): boolean {
    return this.#options.detail !== 'figures';
  }

  /** What a request is about; nearly always the object of its pass, whose key is not made again. */
  #objectOf(key: string, request: RequestRecord): string | undefined {
    const { namespace, name } = request;
    const isOwn = key.length === namespace.length + 1 + name.length && key.startsWith(namespace) && key.endsWith(name);
    if (isOwn && namespace !== '') return key;
    const last = this.#other;
    if (last.name !== name || last.namespace !== namespace) this.#other = { namespace, name, key: objectOf(request) };
    return this.#other.key;
  }

  #numberOf(pass: PassRecord): number {
    return this.#numbers.get(pass.id) as number;
  }

  get #hasEnded(): boolean {
    return this.#log.endedUs !== undefined;
  }
}

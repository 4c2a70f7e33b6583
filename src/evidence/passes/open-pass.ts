import type { OpenPass as OpenPassEvent, PassEvent, TracePhase, TraceRequest } from '../../trace/model.ts';
import { known } from '../../trace/known.ts';
import type { LogRecord } from '../log-record.ts';
import { answerOf } from './answers.ts';
import { CONTINUED_BY, ENDINGS, ENDINGS_OF_ONE_STEP, PHASES, REQUESTS, type PassEnding } from './pass-lines.ts';
import type { Holder } from './worker-slots.ts';

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };
type Begun = Omit<PassEvent, 'type' | 'ended' | 'result' | 'after' | 'error' | 'phases' | 'requests' | 'started'>;

/** A pass that goes on, put together from its lines. All times in microseconds since the trace's start. */
export class OpenPass implements Holder {
  lastUs: number;
  readonly begun: Mutable<Begun> & { started: number };
  readonly #phases: Mutable<TracePhase>[] = [];
  readonly #requests: Mutable<TraceRequest>[] = [];
  #lastMessage = '';

  constructor(begun: OpenPass['begun']) {
    this.begun = begun;
    this.lastUs = begun.started;
  }

  /** A request that the pass has made before its first line. */
  readBefore(resource: string, endedUs: number): void {
    const { started, object } = this.begun;
    this.#requests.push({
      to: 'kubernetes',
      verb: 'get',
      resource,
      object,
      started,
      ended: endedUs,
      basis: 'inferred',
    });
    this.#phases.push({ name: 'ensure-secret', started });
  }

  /** Whether a line of the runner may belong to this pass; if not, it is the first one of the next. */
  isContinuedBy(message: string): boolean {
    return CONTINUED_BY.get(this.#lastMessage)?.has(message) ?? true;
  }

  add(record: LogRecord, atUs: number): void {
    const { message } = record;
    const asked = REQUESTS.get(this.#lastMessage);
    if (asked !== undefined && (asked.before ?? message) === message) {
      const { to, verb, resource } = asked;
      const { object } = this.begun;
      const answer = answerOf(asked, record);
      this.#requests.push({ ...known({ to, verb, resource }), object, ...answer, started: this.lastUs, ended: atUs });
    }
    const phase = PHASES.get(message);
    const last = this.#phases.at(-1);
    if (phase !== undefined && phase !== last?.name) {
      if (last !== undefined) last.ended = atUs;
      this.#phases.push({ name: phase, started: last === undefined ? this.begun.started : atUs });
    }
    this.#lastMessage = message;
    this.lastUs = atUs;
  }

  get mayHaveEnded(): boolean {
    return CONTINUED_BY.has(this.#lastMessage);
  }

  /** How it ends where its last line says so. */
  ending(isOneStep: boolean): PassEnding | undefined {
    return ENDINGS.get(this.#lastMessage) ?? (isOneStep ? ENDINGS_OF_ONE_STEP.get(this.#lastMessage) : undefined);
  }

  /** How it has ended where its last line does not say that it ends. */
  silentEnding(isOneStep: boolean): PassEnding {
    return this.ending(isOneStep) ?? (CONTINUED_BY.has(this.#lastMessage) ? { result: 'done' } : { result: 'unknown' });
  }

  /** Whether up to 0.9.3 it ends here, and later goes on. */
  get isAtStep(): boolean {
    return ENDINGS_OF_ONE_STEP.has(this.#lastMessage);
  }

  /** The last thing that it wrote, whose watch event queues its object again. */
  get lastWrite(): TraceRequest | undefined {
    return this.#requests.findLast(({ to, verb }) => to === 'kubernetes' && verb !== 'get' && verb !== 'list');
  }

  /** How long its reads of secrets took that have a line before and one after them. */
  *readsUs(): IterableIterator<number> {
    for (const { verb, resource, started, ended, basis } of this.#requests) {
      if (verb === 'get' && resource === 'secrets' && basis === undefined) yield (ended ?? 0) - (started ?? 0);
    }
  }

  ended(ending: PassEnding, error: string | null | undefined): PassEvent {
    const last = this.#phases.at(-1);
    if (last !== undefined) last.ended = this.lastUs;
    return {
      type: 'pass',
      ...this.begun,
      ended: this.lastUs,
      result: ending.result,
      ...known({ after: ending.afterUs, error }),
      phases: this.#phases,
      requests: this.#requests,
    };
  }

  /** As it is where the log ends before it: what it asks for has no answer. */
  unended(): OpenPassEvent {
    const asked = this.isAsking ? REQUESTS.get(this.#lastMessage) : undefined;
    const { to, verb, resource } = asked ?? {};
    const { object } = this.begun;
    const open = asked === undefined ? [] : [{ ...known({ to, verb, resource }), object, started: this.lastUs }];
    return { type: 'pass', ...this.begun, phases: this.#phases, requests: [...this.#requests, ...open] };
  }

  /** Whether it waits for an answer, and so holds its worker. */
  get isAsking(): boolean {
    return REQUESTS.has(this.#lastMessage) && !ENDINGS_OF_ONE_STEP.has(this.#lastMessage);
  }
}

import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { kindOf } from './kind-of.ts';
import type { PassIndex } from './pass-index.ts';

/** What a part of a runner's time is put down to. */
export const WAIT_CAUSES = [
  /** Every worker was busy. */
  'worker',
  /** A back-off or an asked-for delay. */
  'back-off',
  /** Nothing had queued it: the next pass waits for a watch event. */
  'event',
  /** The client's limiter held a request back. */
  'client limit',
  /** Another call had the lock of the Actions client. */
  'actions lock',
  'actions service',
  'kubernetes',
  /** A pass without a request in flight. */
  'controller',
  /** Its pod was there and did not run yet. */
  'pod',
  /** The trace does not say. */
  'unknown',
] as const;

export type WaitCause = (typeof WAIT_CAUSES)[number];

/** A part of a runner's time; all times in microseconds of the trace. */
export interface WaitPart {
  readonly cause: WaitCause;
  /** Of whom: the request, the kind of object, what the pod waited for; empty where there is no more to say. */
  readonly detail: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** Number of the pass that it belongs to; NONE where it is of none. */
  readonly pass: number;
}

/** Parts one after the other, without gaps: what took no time is none. */
export class PartWriter {
  readonly parts: WaitPart[] = [];
  readonly #untilUs: number;
  #us: number;

  constructor(fromUs: number, untilUs: number) {
    this.#us = fromUs;
    this.#untilUs = untilUs;
  }

  get us(): number {
    return this.#us;
  }

  /** What lasts until a time; a time that is not known, or before what is written already, adds nothing. */
  until(us: number, cause: WaitCause, pass: number, detail = ''): void {
    const toUs = Math.min(us, this.#untilUs);
    if (!(toUs > this.#us)) return;
    this.parts.push({ cause, detail, fromUs: this.#us, toUs, pass });
    this.#us = toUs;
  }
}

/**
 * What a pass waited for before it began, and what it did.
 * @param hasLock whether the Actions client makes one call at a time: of a log this says for how long a call waited for others
 */
export function writePass(
  log: TraceLog,
  index: PassIndex,
  pass: number,
  writer: PartWriter,
  nowUs: number,
  hasLock: boolean,
): void {
  const { passes } = log.rows;
  const endedUs = passes.hasEnded(pass) ? passes.span.endedUs(pass) : nowUs;
  const startedUs = orElse(passes.span.startedUs(pass), endedUs);
  const queuedUs = passes.queuedUs(pass);
  const trigger = log.rows.words.textOf(passes.trigger.get(pass)) ?? '';
  writer.until(queuedUs, 'event', pass);
  writer.until(passes.readyUs(pass), 'back-off', pass, trigger);
  writer.until(startedUs, Number.isNaN(queuedUs) ? 'unknown' : 'worker', pass);
  for (const row of requestsOf(log, pass)) writeRequest(log, index, pass, row, writer, endedUs, hasLock);
  writer.until(endedUs, 'controller', pass);
}

function writeRequest(
  log: TraceLog,
  index: PassIndex,
  pass: number,
  row: number,
  writer: PartWriter,
  nowUs: number,
  hasLock: boolean,
): void {
  const { requests, words } = log.rows;
  const startedUs = requests.span.startedUs(row);
  const endedUs = orElse(requests.span.endedUs(row), nowUs);
  const resource = words.textOf(requests.resource.get(row)) ?? '';
  writer.until(startedUs, 'controller', pass);
  writer.until(startedUs + (requests.throttled.get(row) || 0), 'client limit', pass, kindOf(resource));
  if (requests.to.get(row) !== 1) {
    const verb = words.textOf(requests.verb.get(row)) ?? '';
    writer.until(endedUs, 'kubernetes', pass, `${verb.toUpperCase()} ${resource}`.trim());
    return;
  }
  const isTold = !Number.isNaN(requests.locked.get(row));
  const before = hasLock && !isTold ? index.callEndedBefore(pass, endedUs)?.atUs : requests.sentUs(row);
  if (before !== undefined && before < endedUs) writer.until(before, 'actions lock', pass);
  writer.until(endedUs, 'actions service', pass, resource);
}

/** Rows of a pass's requests, in the order in which they were sent. */
function requestsOf({ rows: { passes, requests } }: TraceLog, pass: number): number[] {
  const rows: number[] = [];
  for (let row = orElse(passes.lastRequest.get(pass), NONE); row !== NONE; row = requests.before(row)) rows.push(row);
  return rows.reverse();
}

function orElse(value: number, otherwise: number): number {
  return Number.isNaN(value) ? otherwise : value;
}

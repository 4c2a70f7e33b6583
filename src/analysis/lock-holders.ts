import type { TraceRequest } from '../trace/model.ts';
import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A runner whose calls had the Actions client's lock while another one waited for it, and for how long. */
export interface LockHolder {
  readonly runner: string;
  readonly us: number;
}

/** Events are in the order of their ends, and at most this many are read on either side. */
const LOOK_AT = 5_000;

/**
 * Whose calls to the Actions service went on while requests of a pass waited for the lock of the client, those that had it
 * longest first. None where the requests waited for no lock.
 * @param index number of the pass's event in the trace, or of events where it has not ended
 */
export function lockHoldersOf(trace: TraceLog, requests: readonly TraceRequest[], index: number): LockHolder[] {
  const waits = requests.flatMap(({ started, throttled = 0, locked = 0 }) =>
    started === undefined || locked === 0 ? [] : [{ fromUs: started + throttled, toUs: started + throttled + locked }],
  );
  const first = waits[0];
  if (first === undefined) return [];
  const { passes, requests: rows, strings } = trace.rows;
  const held = new Map<number, number>();
  const add = (pass: number): void => {
    for (let row = passes.lastRequest.get(pass); row >= 0; row = rows.before(row)) {
      if (rows.to.get(row) !== 1) continue;
      const [sentUs, endedUs] = [rows.sentUs(row), rows.span.endedUs(row)];
      for (const { fromUs, toUs } of waits) {
        const us = Math.min(toUs, Number.isNaN(endedUs) ? toUs : endedUs) - Math.max(fromUs, sentUs);
        if (us > 0) held.set(passes.object.get(pass), (held.get(passes.object.get(pass)) ?? 0) + us);
      }
    }
  };
  for (let at = Math.min(trace.length, index + LOOK_AT) - 1; at >= Math.max(0, index - LOOK_AT); at--) {
    const pass = trace.passAt(at);
    if (pass === NONE || at === index) continue;
    if (at < index && passes.span.endedUs(pass) <= first.fromUs) break;
    add(pass);
  }
  for (const pass of trace.running()) add(pass);
  return [...held].map(([object, us]) => ({ runner: strings.text(object), us })).sort((a, b) => b.us - a.us);
}

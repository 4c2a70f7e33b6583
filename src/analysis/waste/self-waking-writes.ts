import type { TraceLog } from '../../trace/trace-log.ts';
import { isIdlePass } from './idle-passes.ts';
import { isWrite, requestsOf, tookUs } from './requests-of.ts';
import { WasteSum, type Waste } from './waste.ts';

/**
 * A pass writes its object twice, and the first write's only effect is its own event: it wakes a pass that finds nothing to
 * do. One write could carry both. A write of the status is left out, as others read that. Of all such pairs of writes.
 */
export function selfWakingWrites(log: TraceLog): Waste | undefined {
  const { passes, requests, strings } = log.rows;
  const sum = new WasteSum('self-waking writes');
  /** By key: the first of two writes of a pass, until the next pass shows what it has done. */
  const doubled = new Map<number, { readonly row: number; readonly pass: number; readonly lastUs: number }>();
  for (let pass = 0; pass < log.passCount; pass++) {
    const key = log.keyOfPass(pass);
    const before = doubled.get(key);
    doubled.delete(key);
    if (before !== undefined) {
      const [fromUs, queuedUs] = [requests.span.startedUs(before.row), passes.queuedUs(pass)];
      if (queuedUs >= fromUs && queuedUs < before.lastUs && isIdlePass(log, pass)) {
        const passUs = passes.span.endedUs(pass) - passes.span.startedUs(pass) || 0;
        const object = strings.text(passes.object.get(pass));
        sum.add(tookUs(log, before.row) + passUs, { atUs: fromUs, object, pass: before.pass });
      }
    }
    const writes = requestsOf(log, pass).filter((row) => isOfItself(log, pass, row));
    const [first, last] = [writes.at(-2), writes.at(-1)];
    if (first === undefined || last === undefined) continue;
    sum.of++;
    doubled.set(key, { row: first, pass, lastUs: requests.span.endedUs(last) });
  }
  return sum.waste();
}

/** Whether a request writes what its pass is about, not only its status. */
function isOfItself(log: TraceLog, pass: number, row: number): boolean {
  const { passes, requests, words } = log.rows;
  if (requests.to.get(row) !== 0 || requests.object.get(row) !== passes.object.get(pass) || !isWrite(log, row)) {
    return false;
  }
  return words.textOf(requests.resource.get(row)) === `${log.rows.kindOfPass(pass).toLowerCase()}s`;
}

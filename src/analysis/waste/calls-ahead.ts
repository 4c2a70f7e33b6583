import { addTo } from '../../base/group.ts';
import type { TraceLog } from '../../trace/trace-log.ts';
import { isRequest, REMOVE_RUNNER, requestsOf, tookUs } from './requests-of.ts';
import { WasteSum, type Waste } from './waste.ts';

/**
 * A runner's removal from the Actions service holds a worker while pod and secret of the same runner still have to be
 * deleted: what is local waits for what is far away. Of all runners whose pod or secret was deleted.
 */
export function callsAhead(log: TraceLog): Waste | undefined {
  const { passes, requests, strings } = log.rows;
  const sum = new WasteSum('calls ahead');
  /** By object and controller: calls that nothing local has followed yet. */
  const waiting = new Map<number, { readonly row: number; readonly pass: number }[]>();
  const cleaned = new Set<number>();
  for (let pass = 0; pass < log.passCount; pass++) {
    if (!log.rows.isOfRunner(pass)) continue;
    const key = log.keyOfPass(pass);
    for (const row of requestsOf(log, pass)) {
      if (isRequest(log, row, 'delete', REMOVE_RUNNER)) {
        addTo(waiting, key, { row, pass });
      } else if (isRequest(log, row, 'delete', 'pods', 'secrets')) {
        cleaned.add(key);
        for (const call of waiting.get(key) ?? []) {
          const object = strings.text(passes.object.get(pass));
          sum.add(tookUs(log, call.row), { atUs: requests.span.baseUs(call.row), object, pass: call.pass });
        }
        waiting.delete(key);
      }
    }
  }
  sum.of = cleaned.size;
  return sum.waste();
}

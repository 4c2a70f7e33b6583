import { addTo } from '../../base/group.ts';
import { RUNNER_KIND } from '../../trace/model.ts';
import { isRead } from '../../trace/header.ts';
import type { TraceLog } from '../../trace/trace-log.ts';
import { Covered } from './covered.ts';
import { requestsOf } from './requests-of.ts';
import { WasteSum, type Waste } from './waste.ts';

/** As many as pull request 4670 makes usual; what more would do depends on the load. */
const USUAL_WORKERS = { runners: 4, others: 2 };

/**
 * Objects wait for workers which themselves wait for answers, and neither the client's limit nor the lock of the Actions
 * client would stop one more worker. Of all passes of controllers that have fewer workers than are usual now.
 */
export function busyWorkers(log: TraceLog): Waste | undefined {
  // Lines of a log do not tell when limit or lock held a request.
  if (isRead(log.header)) return undefined;
  const { passes, strings } = log.rows;
  const sum = new WasteSum('busy workers');
  for (const [controller, own] of byController(log)) {
    const usual = log.rows.kindOf(controller) === RUNNER_KIND ? USUAL_WORKERS.runners : USUAL_WORKERS.others;
    const workers = own.reduce((most, pass) => Math.max(most, passes.worker.get(pass) + 1 || 0), 0);
    if (workers === 0 || workers >= usual) continue;
    const held = new Covered(own.flatMap((pass) => heldTimes(log, pass)));
    /** By object: the end of its last pass. What is queued during a pass waits for that pass, and for no worker. */
    const endedUs = new Map<number, number>();
    for (const pass of own) {
      sum.of++;
      const object = passes.object.get(pass);
      const startedUs = passes.span.startedUs(pass);
      const fromUs = Math.max(passes.readyUs(pass), endedUs.get(object) ?? 0);
      endedUs.set(object, passes.span.endedUs(pass));
      const us = startedUs - fromUs - held.usWithin(fromUs, startedUs);
      if (us > 0) sum.add(us, { atUs: fromUs, object: strings.text(object), pass });
    }
  }
  return sum.waste();
}

/** Passes whose times are known, by the number of their controller's word. */
function byController(log: TraceLog): Map<number, number[]> {
  const { passes } = log.rows;
  const found = new Map<number, number[]>();
  for (let pass = 0; pass < log.passCount; pass++) {
    if (Number.isNaN(passes.span.startedUs(pass)) || Number.isNaN(passes.readyUs(pass))) continue;
    addTo(found, passes.controller.get(pass), pass);
  }
  return found;
}

/** When the requests of a pass were held back by what one more worker would have to wait for as well. */
function heldTimes(log: TraceLog, pass: number): (readonly [fromUs: number, toUs: number])[] {
  const { requests } = log.rows;
  return requestsOf(log, pass).flatMap((row) => {
    const [fromUs, toUs] = [requests.span.startedUs(row), requests.sentUs(row)];
    return toUs > fromUs ? [[fromUs, toUs] as const] : [];
  });
}

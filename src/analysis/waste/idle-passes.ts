import type { TraceLog } from '../../trace/trace-log.ts';
import { isWrite, requestsOf } from './requests-of.ts';
import { WasteSum, type Waste } from './waste.ts';

/** Less than this part of the workers' time is what a controller that is woken by each change has to spend on looking. */
const NOTABLE = 1 / 3;

/**
 * Passes that asked for no change, and for which nothing asked again later: they looked, and found all as it should be. Of
 * all passes of runners.
 */
export function idlePasses(log: TraceLog): Waste | undefined {
  const { passes, strings } = log.rows;
  const sum = new WasteSum('idle passes');
  let busyUs = 0;
  for (let pass = 0; pass < log.passCount; pass++) {
    if (!log.rows.isOfRunner(pass) || !passes.hasEnded(pass)) continue;
    sum.of++;
    const us = passes.span.endedUs(pass) - passes.span.startedUs(pass) || 0;
    busyUs += us;
    if (!isIdlePass(log, pass)) continue;
    sum.add(us, { atUs: passes.span.baseUs(pass), object: strings.text(passes.object.get(pass)), pass });
  }
  return sum.waste(NOTABLE * busyUs);
}

/** Whether a pass that has ended asked for no change, succeeded, and is not to be done again. */
export function isIdlePass(log: TraceLog, pass: number): boolean {
  const { passes } = log.rows;
  const isDone = passes.result.get(pass) === 1;
  return (
    isDone && !Number.isNaN(passes.lastRequest.get(pass)) && !requestsOf(log, pass).some((row) => isWrite(log, row))
  );
}

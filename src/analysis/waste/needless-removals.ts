import { POD_STATES, RUNNER_KIND } from '../../trace/model.ts';
import type { TraceLog } from '../../trace/trace-log.ts';
import { isRequest, REMOVE_RUNNER, requestsOf, tookUs } from './requests-of.ts';
import { WasteSum, type Waste } from './waste.ts';

/** The controller that removes runners beside the one that reconciles them. */
const BACKGROUND = 'runnerunregistration';

/**
 * A runner whose pod has succeeded took itself off the Actions service when its job was done: there is nothing to remove.
 * Of all removals by the controller of runners; those that are sent in the background hold up nobody.
 */
export function needlessRemovals(log: TraceLog): Waste | undefined {
  const { passes, requests, strings, words } = log.rows;
  const succeededUs = successes(log);
  const sum = new WasteSum('needless removals');
  for (let pass = 0; pass < log.passCount; pass++) {
    if (!log.rows.isOfRunner(pass) || words.textOf(passes.controller.get(pass)) === BACKGROUND) continue;
    const runner = passes.object.get(pass);
    for (const row of requestsOf(log, pass)) {
      if (!isRequest(log, row, 'delete', REMOVE_RUNNER)) continue;
      sum.of++;
      const atUs = requests.span.baseUs(row);
      if ((succeededUs.get(runner) ?? Infinity) > atUs) continue;
      sum.add(tookUs(log, row), { atUs, object: strings.text(runner), pass });
    }
  }
  return sum.waste();
}

/** By runner, when its pod was first seen to have succeeded. */
function successes({ rows: { objects, words } }: TraceLog): Map<number, number> {
  const found = new Map<number, number>();
  for (let row = 0; row < objects.object.length; row++) {
    const runner = objects.object.get(row);
    if (POD_STATES[objects.pod.get(row)] !== 'succeeded' || found.has(runner)) continue;
    if ((words.textOf(objects.kind.get(row)) ?? RUNNER_KIND) === RUNNER_KIND) {
      found.set(runner, objects.span.startedUs(row));
    }
  }
  return found;
}

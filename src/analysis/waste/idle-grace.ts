import { RUNNER_KIND } from '../../trace/model.ts';
import type { TraceLog } from '../../trace/trace-log.ts';
import { isRequest, requestsOf } from './requests-of.ts';
import { WasteSum, type Waste } from './waste.ts';

/** A pod that is given no time is gone sooner: that is a kubelet's answer and a watch event. */
const NO_GRACE_US = 500_000;

/**
 * A runner has ended, and its pod is given time to end: other containers hold its place on the node meanwhile. Of all
 * ended runners whose pod was deleted.
 */
export function idleGrace(log: TraceLog): Waste | undefined {
  const { passes, requests, strings } = log.rows;
  const endedUs = ends(log);
  const failed = failures(log);
  const sum = new WasteSum('idle grace');
  /** Pods whose deletion was asked for, and that are not gone. */
  const deleted = new Map<number, { readonly atUs: number; readonly pass: number }>();
  for (let pass = 0; pass < log.passCount; pass++) {
    if (!log.rows.isOfRunner(pass)) continue;
    const runner = passes.object.get(pass);
    const deletion = deleted.get(runner);
    if (deletion !== undefined && log.rows.words.textOf(passes.trigger.get(pass)) === 'pod-deleted') {
      deleted.delete(runner);
      const us = passes.queuedUs(pass) - deletion.atUs;
      if (us > NO_GRACE_US) sum.add(us, { ...deletion, object: strings.text(runner) });
    }
    for (const row of requestsOf(log, pass)) {
      if (isRequest(log, row, 'delete', 'ephemeralrunners')) note(endedUs, runner, requests.span.endedUs(row));
      if (!isRequest(log, row, 'delete', 'pods') || requests.status.get(row) !== 200) continue;
      const atUs = requests.span.endedUs(row);
      if (!((endedUs.get(runner) ?? Infinity) <= atUs) || failed.has(runner)) continue;
      sum.of++;
      deleted.set(runner, { atUs, pass });
    }
  }
  return sum.waste();
}

/** Runners with a pod that failed: another one took its place, and a runner that is given up may leave one that still starts. */
function failures({ rows: { objects, whys } }: TraceLog): Set<number> {
  const found = new Set<number>();
  for (let row = 0; row < objects.object.length; row++) {
    if ((whys[objects.why.get(row)]?.failures ?? 0) > 0) found.add(objects.object.get(row));
  }
  return found;
}

const OVER: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed']);

/** By runner, when its phase first said that it has ended. */
function ends({ rows: { objects, words } }: TraceLog): Map<number, number> {
  const found = new Map<number, number>();
  for (let row = 0; row < objects.object.length; row++) {
    if ((words.textOf(objects.kind.get(row)) ?? RUNNER_KIND) !== RUNNER_KIND) continue;
    if (OVER.has(words.textOf(objects.phase.get(row))))
      note(found, objects.object.get(row), objects.span.startedUs(row));
  }
  return found;
}

/** The earliest counts. */
function note(endedUs: Map<number, number>, runner: number, atUs: number): void {
  if (!((endedUs.get(runner) ?? Infinity) <= atUs)) endedUs.set(runner, atUs);
}

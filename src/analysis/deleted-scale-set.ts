import type { TraceLog } from '../trace/trace-log.ts';

/**
 * When the controller deleted the scale set itself, in the trace's microseconds; undefined where it did not. ARC does so for one
 * reason: the version that its label names is not taken by the one that runs.
 */
export function scaleSetDeletedUs({ rows: { requests, words } }: TraceLog): number | undefined {
  for (let row = 0; row < requests.status.length; row++) {
    const isDeletion =
      words.textOf(requests.verb.get(row)) === 'delete' &&
      words.textOf(requests.resource.get(row)) === 'autoscalingrunnersets' &&
      requests.to.get(row) === 0 &&
      requests.status.get(row) < 300;
    if (isDeletion) return requests.span.endedUs(row);
  }
  return undefined;
}

import { passesText, podsText, requestsText } from '../base/count-words.ts';
import { statisticsOf } from '../analysis/statistics.ts';
import type { ControllerLogLine } from '../model/trace-recorder.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** What a run did, in a line. */
export function summaryText(trace: TraceLog): string {
  const { passes, results, kubernetesRequests, actionsRequests, pods } = statisticsOf(trace, 0);
  const cutOff = [...trace.open()]
    .flatMap((open) => ('requests' in open ? (open.requests ?? []) : []))
    .filter(({ ended }) => ended === undefined).length;
  const { count: ofListeners, listeners } = listenerCalls(trace);
  return (
    `${passesText(passes)} (${results.done} done, ${results.requeue} requeued, ${results['requeue-after']} delayed, ` +
    `${passesText(results.error)} failed), ${requestsText(kubernetesRequests)} to Kubernetes, ${actionsRequests} to the Actions service, ` +
    (ofListeners === 0 ? '' : `${ofListeners} more by ${listeners}, `) +
    `${podsText(pods)} made` +
    (cutOff === 0 ? '' : `; ${cutOff} ${cutOff === 1 ? 'call was' : 'calls were'} cut off`)
  );
}

/** How many requests listeners have sent, and who they are. */
function listenerCalls({ rows: { requests } }: TraceLog): { readonly count: number; readonly listeners: string } {
  const found = new Set<number>();
  let count = 0;
  for (let row = 0; row < requests.status.length; row++) {
    const listener = requests.listener.get(row);
    if (Number.isNaN(listener)) continue;
    found.add(listener);
    count++;
  }
  return { count, listeners: found.size === 1 ? 'the listener' : `${found.size} listeners` };
}

/** A log line of the controller, for a terminal; not cleared of credentials yet. */
export function logLineText({ atUs, level, runner, message, fields }: ControllerLogLine): string {
  const time = `${(atUs / 1e6).toFixed(3)}s`.padStart(10);
  const details = fields === undefined ? '' : ` ${JSON.stringify(fields)}`;
  return `${time}  ${level === 'error' ? 'ERROR ' : ''}${runner}  ${message}${details}`;
}

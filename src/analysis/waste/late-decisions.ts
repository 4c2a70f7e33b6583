import type { TraceLog } from '../../trace/trace-log.ts';
import { isRequest } from './requests-of.ts';
import { WasteSum, type Waste } from './waste.ts';

/**
 * A listener that has a message sends other requests before it tells the set how many runners there are to be: the more
 * jobs the message names, the later is the decision. Of all messages with a decision.
 */
export function lateDecisions(log: TraceLog): Waste | undefined {
  const { requests, strings } = log.rows;
  const sum = new WasteSum('late decisions');
  /** By listener: when its last message came, and how many requests it has begun since then. */
  const messages = new Map<number, { readonly atUs: number; requests: number }>();
  for (const row of listenerRequests(log)) {
    const listener = requests.listener.get(row);
    if (isRequest(log, row, 'get', 'get-message')) {
      const isMessage = requests.status.get(row) === 200;
      if (isMessage) messages.set(listener, { atUs: requests.span.endedUs(row), requests: 0 });
      else messages.delete(listener);
      continue;
    }
    const message = messages.get(listener);
    if (message === undefined) continue;
    if (!isRequest(log, row, 'patch', 'ephemeralrunnersets')) {
      message.requests++;
      continue;
    }
    messages.delete(listener);
    sum.of++;
    if (message.requests === 0) continue;
    const atUs = requests.span.startedUs(row);
    sum.add(atUs - message.atUs, { atUs: message.atUs, object: strings.text(listener), pass: undefined });
  }
  return sum.waste();
}

/** Rows of the requests of listeners, in the order in which they were sent. */
function listenerRequests({ rows: { requests } }: TraceLog): number[] {
  const found: number[] = [];
  for (let row = 0; row < requests.to.length; row++) {
    if (!Number.isNaN(requests.listener.get(row)) && !Number.isNaN(requests.span.startedUs(row))) found.push(row);
  }
  return found.sort((a, b) => requests.span.startedUs(a) - requests.span.startedUs(b));
}

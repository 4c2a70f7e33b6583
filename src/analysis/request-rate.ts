import type { TraceLog } from '../trace/trace-log.ts';

const SECOND_US = 1_000_000;

/** The most requests to Kubernetes that were sent within any one second; those that the client's limiter holds are not sent yet. */
export function mostRequestsASecond({ rows: { requests } }: TraceLog): number {
  const sentUs = new Float64Array(requests.to.length);
  let sent = 0;
  for (let row = 0; row < requests.to.length; row++) {
    if (requests.to.get(row) === 0) sentUs[sent++] = requests.span.startedUs(row) + (requests.throttled.get(row) || 0);
  }
  const inOrder = sentUs.subarray(0, sent).sort();
  let [most, first] = [0, 0];
  for (const [index, us] of inOrder.entries()) {
    while ((inOrder[first] as number) <= us - SECOND_US) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

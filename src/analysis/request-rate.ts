import type { TraceLog } from '../trace/trace-log.ts';

const SECOND_US = 1_000_000;

/** The most requests to Kubernetes that were sent within any one second; those that the client's limiter holds are not sent yet. */
export function mostRequestsASecond({ rows: { requests } }: TraceLog): number {
  const sentUs: number[] = [];
  for (let row = 0; row < requests.to.length; row++) {
    if (requests.to.get(row) === 0) sentUs.push(requests.span.startedUs(row) + (requests.throttled.get(row) || 0));
  }
  sentUs.sort((a, b) => a - b);
  let [most, first] = [0, 0];
  for (const [index, us] of sentUs.entries()) {
    while ((sentUs[first] as number) <= us - SECOND_US) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

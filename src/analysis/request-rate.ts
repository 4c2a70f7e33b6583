import { addTo } from '../base/group.ts';
import { eachRow, type InParts } from '../base/in-parts.ts';
import type { TraceLog } from '../trace/trace-log.ts';

const SECOND_US = 1_000_000;

/** The most requests to Kubernetes that were sent within any one second; those that the client's limiter holds are not sent yet. */
export function* mostRequestsASecond({ rows: { requests } }: TraceLog): InParts<number> {
  const bySecond = new Map<number, number[]>();
  yield* eachRow(requests.to.length, (row) => {
    if (requests.to.get(row) !== 0) return;
    const sentUs = requests.span.startedUs(row) + (requests.throttled.get(row) || 0);
    addTo(bySecond, Math.floor(sentUs / SECOND_US), sentUs);
  });
  const seconds = [...bySecond.keys()].sort((a, b) => a - b);
  for (const second of seconds) bySecond.get(second)?.sort((a, b) => a - b);
  let most = 0;
  yield* eachRow(seconds.length, (index) => {
    const second = seconds[index] as number;
    const own = bySecond.get(second) as number[];
    const before = bySecond.get(second - 1) ?? [];
    let earlier = 0;
    for (const [place, us] of own.entries()) {
      while (earlier < before.length && (before[earlier] as number) <= us - SECOND_US) earlier++;
      most = Math.max(most, before.length - earlier + place + 1);
    }
  });
  return most;
}

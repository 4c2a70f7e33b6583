import type { TraceLog } from '../../trace/trace-log.ts';
import { requestsOf } from './requests-of.ts';
import { WasteSum, type Waste } from './waste.ts';

/** As many requests a second as pull request 4673 makes usual; what more would do depends on the API server. */
const USUAL_QPS = 100;

/**
 * The Kubernetes client's own limit holds requests back, below the rate that is usual now. Of all requests of passes to
 * Kubernetes.
 */
export function heldRequests(log: TraceLog): Waste | undefined {
  const { qps } = log.header.settings;
  if (typeof qps === 'number' && (qps === 0 || qps >= USUAL_QPS)) return undefined;
  const { passes, requests, strings } = log.rows;
  const sum = new WasteSum('held requests');
  for (let pass = 0; pass < log.passCount; pass++) {
    for (const row of requestsOf(log, pass)) {
      if (requests.to.get(row) !== 0) continue;
      sum.of++;
      const us = requests.throttled.get(row) || 0;
      const object = strings.text(passes.object.get(pass));
      if (us > 0) sum.add(us, { atUs: requests.span.baseUs(row), object, pass });
    }
  }
  return sum.waste();
}

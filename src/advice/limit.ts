import { meanFactor } from '../base/latency.ts';
import { bucketFloorOf, FLOOR_EXPLAINS, lockFloorOf, type LockFloor } from '../explain/floors.ts';
import type { Outcome } from './outcome.ts';

/** What holds a burst back most. Times are microseconds. */
export type Limit =
  /** Calls to the Actions service run one at a time. */
  | ({ readonly kind: 'lock' } & LockFloor)
  /** The client's bucket for a kind of object: these requests cannot be sent sooner. */
  | { readonly kind: 'bucket'; readonly of: string; readonly requests: number; readonly us: number }
  /** Requests wait for the API server, which has more of them than it can serve: what one takes, and what it takes otherwise. */
  | { readonly kind: 'server'; readonly us: number; readonly usualUs: number }
  /** Runners wait for this most of their time. */
  | { readonly kind: 'workers' | 'service' | 'api' | 'limiter' | 'delay' | 'other'; readonly part: number };

/** Whether a flag raises the limit, where the release has it: more workers, or a higher rate. */
export function isRaised(kind: Limit['kind']): boolean {
  return kind === 'workers' || kind === 'bucket' || kind === 'limiter';
}

/** An API server whose answers take this many times their latency has more requests than it can serve. */
const OVERLOADED = 3;

export function limitOf({ settings, runs, lastUs }: Outcome): Limit {
  const [run] = runs;
  const lock = lockFloorOf(settings);
  const bucket = run === undefined ? undefined : bucketFloorOf({ settings, statistics: run.statistics });
  const [lockUs, bucketUs] = [lock?.us ?? 0, bucket?.us ?? 0];
  const least = FLOOR_EXPLAINS * lastUs.median;
  if (lock !== undefined && lockUs >= bucketUs && lockUs >= least) return { kind: 'lock', ...lock };
  if (bucket !== undefined && bucketUs >= least && bucketUs > 0) {
    return { kind: 'bucket', of: bucket.kind, requests: bucket.requests, us: bucketUs };
  }
  if (run === undefined) return { kind: 'other', part: 1 };
  return overload(run) ?? largestPart(run.statistics.untilPods);
}

/** More workers would only wait for the server too, so it comes before the wait for a worker. */
function overload({ settings, statistics }: Outcome['runs'][number]): Limit | undefined {
  const { kubernetesUs, actionsUs, limiterUs } = statistics.untilPods;
  const requests = Object.values(statistics.requestsUntilLastPod).reduce((sum, count) => sum + count, 0);
  const usualUs = Math.round(
    settings.apiLatencyUs * (settings.apiShape === undefined ? 1 : meanFactor(settings.apiShape)),
  );
  const us = Math.round(kubernetesUs / Math.max(1, requests));
  const isMostWork = kubernetesUs > actionsUs && kubernetesUs > sumOf(limiterUs);
  return isMostWork && us >= OVERLOADED * usualUs ? { kind: 'server', us, usualUs } : undefined;
}

function sumOf(byKind: Spent['limiterUs']): number {
  return Object.values(byKind).reduce((sum, us) => sum + us, 0);
}

type Spent = Outcome['runs'][number]['statistics']['untilPods'];

function largestPart({ workerUs, actionsUs, kubernetesUs, limiterUs, delayUs, otherUs }: Spent): Limit {
  const parts = [
    { kind: 'workers', us: workerUs },
    { kind: 'service', us: actionsUs },
    { kind: 'api', us: kubernetesUs },
    { kind: 'limiter', us: sumOf(limiterUs) },
    { kind: 'delay', us: delayUs },
    { kind: 'other', us: otherUs },
  ] as const;
  const all = parts.reduce((sum, { us }) => sum + us, 0);
  const { kind, us } = parts.reduce((most, part) => (part.us > most.us ? part : most));
  return { kind, part: all === 0 ? 0 : us / all };
}

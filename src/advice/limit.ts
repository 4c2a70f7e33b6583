import { meanFactor } from '../base/latency.ts';
import { floorOf } from '../explain/sweep-verdict.ts';
import { hasActionsLock } from '../reconciler/releases/actions-lock.ts';
import type { Outcome } from './outcome.ts';

/** What holds a burst back most. Times are microseconds. */
export type Limit =
  /** Calls to the Actions service run one at a time. */
  | { readonly kind: 'lock'; readonly calls: number; readonly callUs: number; readonly us: number }
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

/** A floor explains the last pod when it is at least this part of the time until then. */
const EXPLAINS = 0.7;
/** An API server whose answers take this many times their latency has more requests than it can serve. */
const OVERLOADED = 3;

export function limitOf({ settings, runs, lastUs }: Outcome): Limit {
  const [run] = runs;
  const { runners, mode, jitShape } = settings;
  // Calls one after another take as long as their mean says, whatever their median.
  const jitLatencyUs = Math.round(settings.jitLatencyUs * (jitShape === undefined ? 1 : meanFactor(jitShape)));
  const lockUs = hasActionsLock(mode) === true ? runners * jitLatencyUs : 0;
  const floor = run === undefined ? undefined : floorOf({ settings, statistics: run.statistics });
  const floorUs = floor?.us ?? 0;
  const least = EXPLAINS * lastUs.median;
  if (lockUs >= floorUs && lockUs >= least && lockUs > 0) {
    return { kind: 'lock', calls: runners, callUs: jitLatencyUs, us: lockUs };
  }
  if (floor !== undefined && floorUs >= least && floorUs > 0) {
    return { kind: 'bucket', of: floor.kind, requests: floor.requests, us: floorUs };
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

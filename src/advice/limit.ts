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
  /** Runners wait for this most of their time. */
  | { readonly kind: 'workers' | 'service' | 'api' | 'limiter' | 'delay' | 'other'; readonly part: number };

/** A floor explains the last pod when it is at least this part of the time until then. */
const EXPLAINS = 0.7;

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
  return run === undefined ? { kind: 'other', part: 1 } : largestPart(run.statistics.untilPods);
}

type Spent = Outcome['runs'][number]['statistics']['untilPods'];

function largestPart({ workerUs, actionsUs, kubernetesUs, limiterUs, delayUs, otherUs }: Spent): Limit {
  const parts = [
    { kind: 'workers', us: workerUs },
    { kind: 'service', us: actionsUs },
    { kind: 'api', us: kubernetesUs },
    { kind: 'limiter', us: Object.values(limiterUs).reduce((sum, us) => sum + us, 0) },
    { kind: 'delay', us: delayUs },
    { kind: 'other', us: otherUs },
  ] as const;
  const all = parts.reduce((sum, { us }) => sum + us, 0);
  const { kind, us } = parts.reduce((most, part) => (part.us > most.us ? part : most));
  return { kind, part: all === 0 ? 0 : us / all };
}

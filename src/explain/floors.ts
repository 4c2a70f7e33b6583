import { t } from '@vscode/l10n';
import { callsText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { meanFactor } from '../base/latency.ts';
import { ACTIONS_LOCK, hasActionsLock, LOCK_SINCE } from '../reconciler/releases/actions-lock.ts';
import type { RunSettings } from '../run/settings.ts';
import type { SweepRow } from '../run/sweep.ts';

export type Row = Pick<SweepRow, 'settings' | 'statistics'>;

/** A floor explains the last pod when it is at least this part of the time until then. */
export const FLOOR_EXPLAINS = 0.7;

/** The least time in which a bucket lets a run's requests through, and what it had to let through. */
export interface BucketFloor {
  /** Kind of object whose requests the bucket is for. */
  readonly kind: string;
  readonly requests: number;
  readonly us: number;
}

/**
 * The highest floor of the buckets: of the requests for a kind that were let through before the last pod the first `burst`
 * go at once, then `qps` a second.
 */
export function bucketFloorOf({ settings, statistics }: Row): BucketFloor | undefined {
  const { qps, burst } = settings;
  if (qps <= 0) return undefined;
  const floors = Object.entries(statistics.requestsUntilLastPod).map(([kind, requests]): BucketFloor => {
    return { kind, requests, us: Math.max(0, Math.floor(((requests - burst) / qps) * 1e6)) };
  });
  return floors.sort((a, b) => b.us - a.us)[0];
}

/** What the calls to the Actions service take where they are made one after another. */
export interface LockFloor {
  readonly calls: number;
  /** Of one call, on average. */
  readonly callUs: number;
  readonly us: number;
}

/** @returns undefined for a release that makes them side by side, and for calls that take no time */
export function lockFloorOf({ mode, runners, jitLatencyUs, jitShape }: RunSettings): LockFloor | undefined {
  if (hasActionsLock(mode) !== true || jitLatencyUs === 0) return undefined;
  // Calls one after another take as long as their mean says, whatever their median.
  const callUs = Math.round(jitLatencyUs * (jitShape === undefined ? 1 : meanFactor(jitShape)));
  return { calls: runners, callUs, us: runners * callUs };
}

/** Begins like the rest of a sentence. */
export function lockFloorText({ calls, callUs, us }: LockFloor): string {
  return calls === 1
    ? t(
        'calls to the Actions service run one at a time since ARC {0} (#{1}): 1 call takes {2}.',
        ...[LOCK_SINCE, ACTIONS_LOCK, formatDuration(us)],
      )
    : t(
        'calls to the Actions service run one at a time since ARC {0} (#{1}): {2}, {3} each, alone take {4}.',
        ...[LOCK_SINCE, ACTIONS_LOCK, callsText(calls), formatDuration(callUs)],
        formatDuration(us),
      );
}

import { t } from '@vscode/l10n';
import { counted, thousands } from '../base/count-words.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { withReason } from '../problems/code-words.ts';
import { wordsOf } from '../problems/pod-trouble-words.ts';
import { BACK_OFFS_MS } from '../reconciler/back-off.ts';
import { MAX_POD_FAILURES } from '../reconciler/names.ts';
import { clean } from './clean.ts';
import { readStamp, timeOfDay, toSecond } from './moment.ts';

/** What a runner's status says of its pods that failed. */
export interface FailedBefore {
  readonly count: number;
  /** When the last one was counted; undefined up to ARC 0.11.0, which notes no time. */
  readonly lastUs: number | undefined;
  /** Why the last one failed, where its pod had a reason: `The node evicted the pod (Evicted): low on memory`. */
  readonly why: string;
  /** What ARC does next, in one sentence. */
  readonly next: string;
  readonly advice: string;
}

/** Undefined where no pod of it has failed. */
export function failedBefore({ status }: EphemeralRunner): FailedBefore | undefined {
  const values = Object.values(status?.failures ?? {});
  if (values.length === 0) return undefined;
  const times = values.flatMap((value) => (typeof value === 'string' ? (readStamp(value)?.moment.us ?? []) : []));
  const lastUs = times.length === 0 ? undefined : Math.max(...times);
  const { reason = '', message = '' } = status ?? {};
  const words = wordsOf({ code: reason, ended: true });
  return {
    count: values.length,
    lastUs,
    why:
      reason === ''
        ? clean(message)
        : clean(`${withReason(words.what, reason)}${message === '' ? '' : `: ${message}`}`),
    next: nextText(values.length, lastUs),
    advice:
      reason === ''
        ? t(
            'Read the log of container "runner" of its next pod while it is there (kubectl logs -f): failed pods are deleted.',
          )
        : words.advice,
  };
}

/** `3 of its pods have failed, the last at 12:03:11` */
export function failedText({ count, lastUs }: FailedBefore): string {
  const failed = counted(count, t('1 of its pods has failed'), t('{0} of its pods have failed', thousands(count)));
  if (lastUs === undefined) return failed;
  const time = timeOfDay(lastUs);
  return count === 1 ? t('{0}, at {1}', failed, time) : t('{0}, the last at {1}', failed, time);
}

function nextText(count: number, lastUs: number | undefined): string {
  if (lastUs === undefined) {
    return count > MAX_POD_FAILURES
      ? t('Up to ARC 0.11.0 a runner with more than five failures is marked as Failed and stays.')
      : t(
          'Up to ARC 0.11.0 the next pod is made at once; after the sixth failure the runner is marked as Failed and stays.',
        );
  }
  if (count > MAX_POD_FAILURES)
    return t('After more than five failures ARC deletes the runner, and its set makes another.');
  const waitS = (BACK_OFFS_MS[count] ?? 0) / 1000;
  return t(
    'ARC 0.12.1 and later waits {0} s after this failure: the next pod comes at {1}Z or later. The sixth failure deletes the runner.',
    waitS,
    toSecond(lastUs + waitS * 1e6),
  );
}

import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { KeyState } from '../runtime/work-queue.ts';

/**
 * What a key waits for that comes again later, in words.
 * @param failures how many tries in a row it has behind it
 * @param why what the last one failed with; empty where it did not
 */
export function delayWords(state: Extract<KeyState, { kind: 'delayed' }>, failures: number, why: string): string {
  const length = formatDuration(state.untilUs - state.sinceUs);
  const what =
    state.trigger === 'requeue-after'
      ? t('again after {0}', length)
      : t('back-off {0}, {1} try', length, ordinal(failures + 1));
  return why === '' ? what : `${what}: ${why}`;
}

function ordinal(number: number): string {
  const tens = number % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}

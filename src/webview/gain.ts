import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { SessionModel } from './session-model.ts';

/** A difference that is less than this part of the whole is not worth a line. */
const LEAST_GAIN = 0.1;

/** Room below the lanes for that line, in CSS pixels. */
export const GAIN_PX = 34;

/** What the second of two modes makes sooner or later than the first; undefined where that is nothing to speak of. */
export function gainOf(
  sessions: readonly SessionModel[],
): { fromUs: number; toUs: number; isEarlier: boolean; text: string } | undefined {
  const [first, second] = sessions;
  if (first?.pods === undefined || second?.pods === undefined || sessions.length !== 2) return undefined;
  if (first.info.mode === second.info.mode) return undefined;
  const [fromUs, toUs] = [first.pods.firstUs, second.pods.firstUs];
  const difference = fromUs - toUs;
  if (Math.abs(difference) < LEAST_GAIN * Math.max(fromUs, toUs)) return undefined;
  const words = [
    formatDuration(fromUs),
    formatDuration(toUs),
    formatDuration(Math.abs(difference)),
    second.info.mode,
  ] as const;
  const text =
    difference > 0
      ? t('first pod {0} → {1}: {2} earlier in {3} mode', ...words)
      : t('first pod {0} → {1}: {2} later in {3} mode', ...words);
  return { fromUs, toUs, isEarlier: difference > 0, text };
}

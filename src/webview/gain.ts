import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { SessionModel } from './session-model.ts';

/** A difference that is less than this part of the whole is not worth a line. */
const LEAST_GAIN = 0.1;

/** Room below the lanes for each such line, in CSS pixels. */
export const GAIN_PX = 34;

/** What one mode makes sooner or later than the one that it is compared with. */
export interface Gain {
  readonly fromUs: number;
  readonly toUs: number;
  readonly isEarlier: boolean;
  readonly text: string;
}

type Gaining = Pick<SessionModel, 'pods' | 'info'>;

/**
 * What each of several modes gains on the earliest of them, where that is worth a line; nothing for runs of one mode, or
 * for those that differ in more than their modes.
 */
export function gainsOf(sessions: readonly Gaining[]): Gain[] {
  if (new Set(sessions.map(({ info }) => info.mode)).size < sessions.length) return [];
  const [base, ...others] = [...sessions].sort((a, b) => a.info.order - b.info.order);
  return others.flatMap((other) => (base === undefined || !isAlike(base, other) ? [] : (gainOf(base, other) ?? [])));
}

function isAlike({ info: a }: Gaining, { info: b }: Gaining): boolean {
  return a.source === b.source && a.setup === b.setup;
}

function gainOf(first: Gaining, second: Gaining): Gain | undefined {
  if (first.pods === undefined || second.pods === undefined) return undefined;
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

import { t } from '@vscode/l10n';
import { formatDuration } from './duration.ts';

/** A finer clock hides nothing that people look for. */
const FINE_US = 1000;
/** What is this many steps of the clock long is known well enough. */
const MANY_STEPS = 100;

/**
 * How long something took, in microseconds, for people: the times that a coarse clock leaves open. Each end lies within a step
 * of it, and where in that a reading puts it is no more than a guess.
 * @param stepUs of the clock; 0 for an exact one
 */
export function coarseSpan(us: number, stepUs: number): string {
  if (stepUs < FINE_US || us >= MANY_STEPS * stepUs) return formatDuration(Math.round(us));
  const high = formatDuration(stepUs * Math.ceil(us / stepUs + 1));
  const low = stepUs * Math.floor(us / stepUs - 1);
  return low <= 0 ? t('less than {0}', high) : t('{0} to {1}', formatDuration(low), high);
}

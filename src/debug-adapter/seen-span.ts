import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { Recording } from '../debug/recording.ts';

/** A finer clock hides nothing that people look for. */
const FINE_US = 1000;
/** What is this many steps of the clock long is known well enough. */
const MANY_STEPS = 100;

/**
 * How long something took, in microseconds, for people: where it was read from a log with a coarse clock, the times that the log
 * leaves open. Each end lies within a step of the clock, and where in it the replay puts it is no more than a guess.
 */
export function seenSpan({ finished }: Pick<Recording, 'finished'>, us: number): string {
  const stepUs = Math.max(0, ...finished.trace.header.sources.map(({ resolutionUs = 0 }) => resolutionUs));
  if (stepUs < FINE_US || us >= MANY_STEPS * stepUs) return formatDuration(us);
  const high = formatDuration(stepUs * Math.ceil(us / stepUs + 1));
  const low = stepUs * Math.floor(us / stepUs - 1);
  return low <= 0 ? t('less than {0}', high) : t('{0} to {1}', formatDuration(low), high);
}

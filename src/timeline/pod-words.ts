import { t } from '@vscode/l10n';
import type { PodFigures } from '../analysis/pod-times.ts';
import { podsText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';

/**
 * When runners got their first pods, and how many pods there were. Where pods were made again it is said whose times these
 * are, and when the last of all was made.
 * @param pods with times after the run's origin
 */
export function podWords({ count, firstUs, lastUs, lastMadeUs }: Omit<PodFigures, 'medianUs'>): string {
  const [first, last] = [formatDuration(firstUs), formatDuration(lastUs)];
  return lastMadeUs > lastUs
    ? t('runners’ first pods {0} to {1} · {2}', first, last, podCountWords({ count, lastUs, lastMadeUs }))
    : t('first pod {0} · last {1} · {2}', first, last, podsText(count));
}

/** How many pods there were; where some were made again, when the last of them was. */
export function podCountWords({
  count,
  lastUs,
  lastMadeUs,
}: Pick<PodFigures, 'count' | 'lastUs' | 'lastMadeUs'>): string {
  if (lastMadeUs <= lastUs) return podsText(count);
  return t('{0} in all, the last at {1}', podsText(count), formatDuration(lastMadeUs));
}

import { t } from '@vscode/l10n';
import type { WatchState } from './cluster-watch.ts';
import { heldText } from './held-workers.ts';

/** What matters most at a moment, in one sentence: a worker that is held, or else what the logs say. */
export function watchSentence({ heldForLong, explanation, atUs, waiting, logs }: WatchState): string {
  const [held] = heldForLong;
  if (held !== undefined) return heldText(held, atUs, waiting);
  if (explanation.isHealthy && logs.length === 0) {
    return t('No log is read: of what the controller does only its objects are seen. {0}', explanation.verdict);
  }
  return explanation.verdict;
}

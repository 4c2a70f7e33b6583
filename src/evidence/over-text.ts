import { t } from '@vscode/l10n';
import type { Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Repeated } from './seen.ts';
import { clock, spanText } from './words.ts';

/** When it ended, and how long their pods took with it: `It was over at 12:00:54; the last of their pods came 1 min 5 s after its runner.` */
export function overText(reading: Reading, runners: readonly RunnerHistory[], { last }: Repeated): string {
  const waits = runners.flatMap(({ milestones }) => {
    const [created, pod] = [milestones.get('created'), milestones.get('podCreated')];
    return created === undefined || pod === undefined || pod.at.us <= last.at.us ? [] : [pod.at.us - created.at.us];
  });
  const end = clock(last);
  if (waits.length === 0) return t('It was over after {0}.', end);
  const longestUs = waits.reduce((most, us) => Math.max(most, us));
  const span = spanText(reading, longestUs);
  return runners.length === 1
    ? t('It was over after {0}; its pod came {1} after the runner was created.', end, span)
    : t('It was over after {0}; their pods came up to {1} after the runners were created.', end, span);
}

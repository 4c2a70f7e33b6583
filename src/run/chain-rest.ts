import { t } from '@vscode/l10n';
import { restOf, type Rest } from '../model/rest.ts';
import type { RunnerTable } from '../model/runner-table.ts';
import type { Chain } from './chain.ts';

/** What a scale set and its jobs have come to, when nothing about them changes any more. */
export function restOfChain(
  chain: Pick<Chain, 'isDone' | 'jobs'>,
  table: Pick<RunnerTable, 'index' | 'describe'>,
): Rest {
  const { queued, open } = chain.jobs;
  if (chain.isDone) {
    const text =
      queued === 1
        ? t('The job is done; its scale set waits for more.')
        : queued === 2
          ? t('Both jobs are done; their scale set waits for more.')
          : t('All {0} jobs are done; their scale set waits for more.', queued);
    return { isOver: true, text, reason: '' };
  }
  const runners = restOf(table);
  const what = t('{0} of {1} jobs are not done, and nothing has changed for a minute.', open, queued);
  if (runners.isOver) return { isOver: false, text: what, reason: t('jobs wait for runners') };
  return { isOver: false, text: `${what} ${runners.text}`, reason: runners.reason };
}

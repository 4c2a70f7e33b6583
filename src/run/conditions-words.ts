import { t } from '@vscode/l10n';
import { timesText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { faultsText, type ConditionsChange, type MissedFault } from './conditions-control.ts';

/** What is changed about a cluster's conditions, in words: `requests that fail: create pods 500 3 · API request takes 200 ms`. */
export function conditionsWords(change: ConditionsChange): string {
  const { clear = false, apiLatencyUs, jitLatencyUs, otherActionsLatencyUs, faults, actionsFaults } = change;
  const failing = faultsText({ faults: faults ?? [], actionsFaults: actionsFaults ?? [] });
  const areNamed = faults !== undefined || actionsFaults !== undefined;
  const parts = [
    clear ? t('conditions as at the start') : '',
    areNamed ? t('requests that fail: {0}', failing === '' ? t('none') : failing) : '',
    jitLatencyUs === undefined ? '' : t('registration takes {0}', formatDuration(jitLatencyUs)),
    otherActionsLatencyUs === undefined
      ? ''
      : t('other calls of the Actions service take {0}', formatDuration(otherActionsLatencyUs)),
    apiLatencyUs === undefined ? '' : t('API request takes {0}', formatDuration(apiLatencyUs)),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** Of each fault that a run ended before, in a sentence. */
export function missedSentences(missed: readonly MissedFault[]): readonly string[] {
  return missed.map(({ what, planned, happened }) =>
    happened === 0
      ? t('Planned: {0}, {1}. It did not happen: the run ended before such a request came.', what, timesText(planned))
      : t(
          'Planned: {0}, {1}. It happened {2}: the run ended before another such request came.',
          ...[what, timesText(planned), timesText(happened)],
        ),
  );
}

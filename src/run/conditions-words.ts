import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { faultsText, type ConditionsChange } from './conditions-control.ts';

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

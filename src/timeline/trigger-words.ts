import { t } from '@vscode/l10n';

/** Why a runner was queued, as what follows "because". */
export function triggerWords(trigger: string): string {
  switch (trigger) {
    case 'ephemeralrunner-added':
      return t('the runner is new');
    case 'ephemeralrunner-updated':
      return t('the runner changed');
    case 'ephemeralrunner-deleted':
      return t('the runner is gone');
    case 'pod-added':
      return t('its pod is new');
    case 'pod-updated':
      return t('its pod changed');
    case 'pod-deleted':
      return t('its pod is gone');
    case 'requeue':
      return t('the previous pass requested a requeue');
    case 'requeue-after':
      return t('the previous pass requested a delayed requeue');
    case 'error':
      return t('the previous pass failed');
    case '':
      return t('no reason given');
    default:
      return trigger;
  }
}

import { t } from '@vscode/l10n';
import { RUNNER_KIND } from '../trace/model.ts';
import { kindWord } from './chain-words.ts';

/**
 * Why a key was queued, as what follows "because".
 * @param kind of what was queued
 */
export function triggerWords(trigger: string, kind = RUNNER_KIND): string {
  if (kind !== RUNNER_KIND) {
    const words = ofChain(trigger, kind);
    if (words !== undefined) return words;
  }
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

/** Of what lies above runners: its own events, and those of what it made. */
function ofChain(trigger: string, kind: string): string | undefined {
  const [, of = '', event = ''] = /^(\w+)-(added|updated|deleted)$/.exec(trigger) ?? [];
  if (event === '' || of === 'pod') return undefined;
  if (of === kind.toLowerCase()) {
    const word = kindWord(kind);
    if (event === 'added') return t('the {0} is new', word);
    return event === 'updated' ? t('the {0} changed', word) : t('the {0} is gone', word);
  }
  const word = MADE[of]?.() ?? of;
  if (event === 'added') return t('one of its objects is new ({0})', word);
  return event === 'updated'
    ? t('one of its objects changed ({0})', word)
    : t('one of its objects is gone ({0})', word);
}

/** What objects make, by the beginning of a trigger. */
const MADE: Readonly<Record<string, () => string>> = {
  ephemeralrunner: () => kindWord(RUNNER_KIND),
  ephemeralrunnerset: () => kindWord('EphemeralRunnerSet'),
  autoscalinglistener: () => kindWord('AutoscalingListener'),
  autoscalingrunnerset: () => kindWord('AutoscalingRunnerSet'),
};

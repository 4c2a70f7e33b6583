import { t } from '@vscode/l10n';
import { splitKey } from '../../kubernetes/types.ts';
import { timesText } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import { lengthUs } from '../seen.ts';
import { clock, firstAndLast, spanBetween } from '../words.ts';

/** Each upgrade or change of the scale set makes one, and nobody changes it this often. */
const FEWEST = 5;
const EVERY_US = 300e6;

/** Scale sets whose listener, or its pod, is deleted and made again, over and over. */
export const listenerMadeAgain: Rule = (reading) => [...listeners(reading), ...pods(reading)];

const listeners: Rule = (reading) =>
  [...reading.listenersMade].flatMap(([set, made]): Finding[] => {
    const us = lengthUs(made);
    if (made.count < FEWEST || us > EVERY_US * made.count) return [];
    return [
      {
        id: 'listener-made-again',
        severity: 'error',
        sentence: t(
          'The listener of {0} was made {1} in {2}, since {3}: each is deleted and made again.',
          ...[set, timesText(made.count), spanBetween(reading, made.first, made.last)],
          clock(made.first),
        ),
        details: [t('Jobs are heard of late or not at all: none is while no listener runs.')],
        runners: [],
        evidence: firstAndLast(made, t('a listener is made')),
        confidence: 'sure',
        advice: t(
          'A listener is deleted where it no longer fits its scale set: look who changes the AutoscalingRunnerSet over and over (GitOps, a second controller): kubectl get autoscalingrunnersets -A -o yaml --show-managed-fields.',
        ),
        weightUs: us,
      },
    ];
  });

const pods: Rule = (reading) =>
  [...reading.listenersRemade].flatMap(([listener, made]): Finding[] => {
    const us = lengthUs(made);
    if (made.count < FEWEST || us > EVERY_US * made.count) return [];
    const { namespace } = splitKey(listener);
    return [
      {
        id: 'listener-pod-made-again',
        severity: 'error',
        sentence: t(
          'The pod of listener {0} was made again {1} in {2}, since {3}: what it depends on changes each time.',
          ...[listener, timesText(made.count), spanBetween(reading, made.first, made.last)],
          clock(made.first),
        ),
        details: [t('Jobs are heard of late or not at all: none is while no listener runs.')],
        runners: [],
        evidence: firstAndLast(made, t('its pod is deleted, to be made again')),
        confidence: 'sure',
        advice: t(
          'See who writes over and over to its secrets, service account, role or role binding, or to the scale set that these are made from (GitOps, a second controller): kubectl get secrets,serviceaccounts,roles,rolebindings -n {0} -o yaml --show-managed-fields.',
          namespace,
        ),
        weightUs: us,
      },
    ];
  });

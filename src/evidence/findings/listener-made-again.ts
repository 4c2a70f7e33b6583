import { t } from '@vscode/l10n';
import { splitKey } from '../../kubernetes/types.ts';
import { timesText } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { lengthUs, type Repeated } from '../seen.ts';
import { clock, firstAndLast, spanBetween } from '../words.ts';

/** Each upgrade or change of the scale set makes one, and nobody changes it this often. */
const FEWEST = 5;
const EVERY_US = 300e6;

/** Scale sets whose listener, or its pod, is deleted and made again, over and over. */
export const listenerMadeAgain: Rule = (reading) => [
  ...overAndOver(reading, reading.listenersMade, (set, often) => ({
    id: 'listener-made-again',
    sentence: t('The listener of {0} was made {1} in {2}, since {3}: each is deleted and made again.', set, ...often),
    says: t('a listener is made'),
    advice: t(
      'A listener is deleted where it no longer fits its scale set: look who changes the AutoscalingRunnerSet over and over (GitOps, a second controller): kubectl get autoscalingrunnersets -A -o yaml --show-managed-fields.',
    ),
  })),
  ...overAndOver(reading, reading.listenersRemade, (listener, often) => ({
    id: 'listener-pod-made-again',
    sentence: t(
      'The pod of listener {0} was made again {1} in {2}, since {3}: what it depends on changes each time.',
      listener,
      ...often,
    ),
    says: t('its pod is deleted, to be made again'),
    advice: t(
      'See who writes over and over to its secrets, service account, role or role binding, or to the scale set that these are made from (GitOps, a second controller): kubectl get secrets,serviceaccounts,roles,rolebindings -n {0} -o yaml --show-managed-fields.',
      splitKey(listener).namespace,
    ),
  })),
];

interface Words {
  readonly id: string;
  readonly sentence: string;
  /** Each of the lines. */
  readonly says: string;
  readonly advice: string;
}

/** @param words for an object, with how often it was made, in how long and since when */
function overAndOver(
  reading: Reading,
  all: ReadonlyMap<string, Repeated>,
  words: (key: string, often: readonly [times: string, span: string, since: string]) => Words,
): Finding[] {
  return [...all].flatMap(([key, made]): Finding[] => {
    const us = lengthUs(made);
    if (made.count < FEWEST || us > EVERY_US * made.count) return [];
    const often = [timesText(made.count), spanBetween(reading, made.first, made.last), clock(made.first)] as const;
    const { says, ...said } = words(key, often);
    return [
      {
        ...said,
        severity: 'error',
        details: [t('Jobs are heard of late or not at all: none is while no listener runs.')],
        runners: [],
        evidence: firstAndLast(made, says),
        confidence: 'sure',
        weightUs: us,
      },
    ];
  });
}

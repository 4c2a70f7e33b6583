import { t } from '@vscode/l10n';
import { timesText } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import { lengthUs } from '../seen.ts';
import { clock, firstAndLast, spanBetween } from '../words.ts';

/** Each upgrade or change of the scale set makes one, and nobody changes it this often. */
const FEWEST = 5;
const EVERY_US = 300e6;

/** Scale sets whose listener is deleted and made again, over and over. */
export const listenerMadeAgain: Rule = (reading) =>
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

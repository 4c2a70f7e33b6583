import { t } from '@vscode/l10n';
import type { Finding, Rule } from '../finding.ts';
import { clock, firstAndLast, spanBetween } from '../words.ts';

/** Runners that have a job end with it; one that waits for less may only be slow. */
const LONG_US = 120e6;
/** A pass looks again every few seconds: what was not looked at for this long before the log ends is over. */
const STILL_US = 60e6;

/** Scale sets that are being deleted and wait for what they have made, up to the log's end. */
export const deletionWaits: Rule = (reading) =>
  [...reading.deletionWaits].flatMap(([name, wait]): Finding[] => {
    const { first, last, text } = wait;
    const us = last.at.us - first.at.us;
    if (us < LONG_US || reading.latestUs - last.at.us > STILL_US) return [];
    return [
      {
        id: 'deletion-waits',
        severity: 'error',
        sentence: t(
          'Scale set {0} is being deleted and has waited {1} for its {2}, since {3}.',
          ...[name, spanBetween(reading, first, last), text, clock(first)],
        ),
        details: [
          t('They stay as long as a runner of it has a finalizer: its job runs, or GitHub does not remove it.'),
        ],
        runners: [],
        evidence: firstAndLast(wait, t('it waits for {0}', text)),
        confidence: 'sure',
        advice: t(
          'Look at what is left: kubectl get ephemeralrunnersets,ephemeralrunners,autoscalinglisteners -A. Where a runner has no job any more, see in the lines about it why its removal fails.',
        ),
        weightUs: us,
      },
    ];
  });

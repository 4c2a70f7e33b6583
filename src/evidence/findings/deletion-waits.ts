import { t } from '@vscode/l10n';
import type { Finding, Rule } from '../finding.ts';
import { lengthUs } from '../seen.ts';
import { clock, firstAndLast, spanBetween } from '../words.ts';

/** Runners that have a job end with it; one that waits for less may only be slow. */
const LONG_US = 120e6;
/** A pass looks again every few seconds. */
const SILENT_US = 60e6;

/** Scale sets and listeners that are being deleted and wait for what they have made; no line says that they are gone. */
export const deletionWaits: Rule = (reading) =>
  [...reading.deletionWaits].flatMap(([object, wait]): Finding[] => {
    const { first, last, text } = wait;
    const us = lengthUs(wait);
    if (us < LONG_US) return [];
    const [kind, name = ''] = object.split(' ');
    const isListener = kind === 'AutoscalingListener';
    const how = [name, spanBetween(reading, first, last), text, clock(first)];
    return [
      {
        id: 'deletion-waits',
        severity: 'error',
        sentence: isListener
          ? t('Listener {0} is being deleted and has waited {1} for its {2}, since {3}.', ...how)
          : t('Scale set {0} is being deleted and has waited {1} for its {2}, since {3}.', ...how),
        details: [
          isListener
            ? t('Until it is gone, no other listener of its scale set is made: no job becomes a runner.')
            : t('They stay as long as a runner of it has a finalizer: its job runs, or GitHub does not remove it.'),
          ...(reading.latestUs - last.at.us > SILENT_US
            ? [t('The last line about it is of {0}; none says that it is gone.', clock(last))]
            : []),
        ],
        runners: [],
        evidence: firstAndLast(wait, t('it waits for {0}', text)),
        confidence: 'sure',
        advice: isListener
          ? t(
              'Look at the finalizers of what is left of it: kubectl get pods,secrets,roles,rolebindings,serviceaccounts -A shows what has its name.',
            )
          : t(
              'Look at what is left: kubectl get ephemeralrunnersets,ephemeralrunners,autoscalinglisteners -A. Where a runner has no job any more, see in the lines about it why its removal fails.',
            ),
        weightUs: us,
      },
    ];
  });

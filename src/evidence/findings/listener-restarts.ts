import { t } from '@vscode/l10n';
import { timesText } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import { firstAndLast, spanBetween } from '../words.ts';

/** A node that is drained explains one start, and the logs of two listeners in one file another; more in a row do neither. */
const FEWEST = 2;

/** A listener that starts again and again, and never says why it ended. */
export const listenerRestarts: Rule = (reading) =>
  [...reading.listeners.values()].flatMap(({ start, restarts, isOfSeveral, set, last }) => {
    if (start === undefined || isOfSeveral || restarts === undefined || restarts.count < FEWEST) return [];
    const who = set === undefined ? t('The listener') : t('The listener of {0}', set);
    return [
      {
        id: 'listener-restarts',
        severity: 'warning',
        sentence: t(
          '{0} started again {1} in {2} and never said why it ended: something killed it.',
          who,
          timesText(restarts.count),
          spanBetween(reading, start, restarts.last),
        ),
        details: [t('Jobs are heard of late: none is while it does not run.')],
        runners: [],
        evidence: [{ at: start, says: t('it starts') }, ...firstAndLast(restarts, t('it starts again'))],
        confidence: 'likely',
        advice: t(
          "Look at the last state of its container (OOMKilled, exit code) and at the events of its pod and node: kubectl describe pod, in the controller's namespace. The log of the controller says when it made the pod again.",
        ),
        weightUs: last.at.us - start.at.us,
      },
    ];
  });

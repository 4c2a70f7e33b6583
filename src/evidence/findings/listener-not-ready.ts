import { t } from '@vscode/l10n';
import { splitKey } from '../../kubernetes/types.ts';
import type { Finding, Rule } from '../finding.ts';
import { APART_US } from '../fold-listener-made.ts';
import { lengthUs } from '../seen.ts';
import { clock, firstAndLast, spanBetween } from '../words.ts';

/** Pulling an image on a new node takes less. */
const LONG_US = 300e6;

/** Listeners whose pod does not become ready, up to the log's end. */
export const listenerNotReady: Rule = (reading) =>
  [...reading.listenersNotReady].flatMap(([listener, not]): Finding[] => {
    const us = lengthUs(not);
    const { namespace, name } = splitKey(listener);
    if (us < LONG_US || reading.latestUs - not.last.at.us > APART_US) return [];
    return [
      {
        id: 'listener-not-ready',
        severity: 'error',
        sentence: t(
          'The pod of listener {0} has not been ready for {1}, since {2}.',
          ...[listener, spanBetween(reading, not.first, not.last)],
          clock(not.first),
        ),
        details: [t('No job becomes a runner without it.')],
        runners: [],
        evidence: firstAndLast(not, t('the pod of the listener is not ready')),
        confidence: 'sure',
        advice: t('See why: kubectl describe pod -n {0} {1}, and kubectl logs -n {0} {1}.', namespace, name),
        weightUs: us,
      },
    ];
  });

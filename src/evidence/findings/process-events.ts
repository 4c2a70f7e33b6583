import { t } from '@vscode/l10n';
import type { Rule } from '../finding.ts';
import { shortened } from '../words.ts';

/** The controller lost its lease, crashed, or could not start. */
export const processEvents: Rule = (reading) =>
  reading.processEvents
    .filter(({ text }) => !/became leader/i.test(text))
    .slice(0, 3)
    .map(({ text, at, panicOf }) => ({
      id: 'process-event',
      severity: 'error',
      sentence: (panicOf === undefined
        ? t('The controller itself stopped or failed: {0}', shortened(text, 14))
        : t('A pass of {0} panicked: {1}', panicOf, shortened(text, 14))
      ).replace(/\.?$/, '.'),
      details: [],
      runners: [],
      evidence: [{ at, says: text }],
      confidence: 'sure',
      advice:
        panicOf === undefined
          ? t('Look at its restarts and its previous log: kubectl logs --previous.')
          : t(
              "A panic is a bug of the controller's release: search for its words in the issues of actions-runner-controller; the lines that follow it name the place.",
            ),
      weightUs: 1e6,
    }));

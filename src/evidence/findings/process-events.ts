import { t } from '@vscode/l10n';
import type { Rule } from '../finding.ts';
import { shortened } from '../words.ts';

/** The controller lost its lease, crashed, or could not start. */
export const processEvents: Rule = (reading) =>
  reading.processEvents
    .filter(({ text }) => !/became leader/i.test(text))
    .slice(0, 3)
    .map(({ text, at }) => ({
      id: 'process-event',
      severity: 'error',
      sentence: t('The controller itself stopped or failed: {0}', shortened(text, 14)).replace(/\.?$/, '.'),
      details: [],
      runners: [],
      evidence: [{ at, says: text }],
      confidence: 'sure',
      advice: t('Look at its restarts and its previous log: kubectl logs --previous.'),
      weightUs: 1e6,
    }));

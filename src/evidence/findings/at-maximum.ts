import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import { spanText } from '../words.ts';

const LONG_US = 30e6;

/** More jobs are assigned than the scale set may have runners. */
export const atMaximum: Rule = (reading) => {
  const { decision } = reading;
  if (decision === undefined) return [];
  const { assigned, max, since, times } = decision;
  const us = decision.at.us - since.at.us;
  if (assigned <= max || decision.decision < max || times < 2 || us < LONG_US) return [];
  return [
    {
      id: 'at-maximum',
      severity: 'warning',
      sentence: t(
        '{0} assigned and the maximum is {1}: for {2} {3} waited for a runner to end.',
        counted(assigned, t('1 job is'), t('{0} jobs are', thousands(assigned))),
        max,
        spanText(reading, us),
        assigned - max,
      ),
      details: [t('The same decision came {0} times.', times)],
      runners: [],
      evidence: [
        { at: since, says: 'Calculated target runner count' },
        { at: decision, says: t('the same again') },
      ],
      confidence: 'sure',
      advice: t('Raise maxRunners of the scale set, where the nodes have room for more.'),
      knob: 'maxRunners',
      weightUs: us,
    },
  ];
};

import { t } from '@vscode/l10n';
import type { Rule } from '../finding.ts';
import { spanText } from '../words.ts';

const LONG_US = 30e6;

/** A listener wants as many runners as exist, so none is made, though jobs are assigned: those that exist may hang. */
export const satisfiedByExisting: Rule = (reading) => {
  const { decision } = reading;
  if (decision === undefined || decision.assigned === 0) return [];
  const { assigned, min, max, current, since, times } = decision;
  const us = decision.at.us - since.at.us;
  if (decision.decision !== current || times < 2 || us < LONG_US || current <= assigned) return [];
  const isAtMax = decision.decision >= max;

  return [
    {
      id: 'satisfied-by-existing',
      severity: 'error',
      sentence: isAtMax
        ? t(
            'For {0} no runner is made: the maximum is {1}, and {2} exist already.',
            spanText(reading, us),
            max,
            current,
          )
        : t(
            'For {0} no runner is made: {1} assigned + minimum {2} = {3}, and {4} exist already.',
            spanText(reading, us),
            assigned,
            min,
            decision.decision,
            current,
          ),
      details: [
        t('The same decision came {0} times; a set counts runners, not whether they work.', times),
        t('Where the job does not start meanwhile, the runners that exist hang.'),
      ],
      runners: [],
      evidence: [
        { at: since, says: 'Calculated target runner count' },
        { at: decision, says: t('the same again') },
      ],
      confidence: 'likely',
      advice: t(
        'List the runners (kubectl get ephemeralrunners) and look for those without a running pod or job; delete them.',
      ),
      weightUs: us,
    },
  ];
};

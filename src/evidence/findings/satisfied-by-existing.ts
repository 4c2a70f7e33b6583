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
  const sum = `${assigned} assigned + minimum ${min} = ${decision.decision}`;
  return [
    {
      id: 'satisfied-by-existing',
      severity: 'error',
      sentence: `For ${spanText(reading, us)} no runner is made: ${isAtMax ? `the maximum is ${max}` : sum}, and ${current} exist already.`,
      details: [
        `The same decision came ${times} times; a set counts runners, not whether they work.`,
        'Where the job does not start meanwhile, the runners that exist hang.',
      ],
      runners: [],
      evidence: [
        { at: since, says: 'Calculated target runner count' },
        { at: decision, says: 'the same again' },
      ],
      confidence: 'likely',
      advice:
        'List the runners (kubectl get ephemeralrunners) and look for those without a running pod or job; delete them.',
      weightUs: us,
    },
  ];
};

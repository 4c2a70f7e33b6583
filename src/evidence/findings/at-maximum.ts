import type { Rule } from '../finding.ts';
import { count, spanText } from '../words.ts';

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
      sentence: `${count(assigned, 'job is', 'jobs are')} assigned and the maximum is ${max}: for ${spanText(reading, us)} ${assigned - max} waited for a runner to end.`,
      details: [`The same decision came ${times} times.`],
      runners: [],
      evidence: [
        { at: since, says: 'Calculated target runner count' },
        { at: decision, says: 'the same again' },
      ],
      confidence: 'sure',
      advice: 'Raise maxRunners of the scale set, where the nodes have room for more.',
      knob: 'maxRunners',
      weightUs: us,
    },
  ];
};

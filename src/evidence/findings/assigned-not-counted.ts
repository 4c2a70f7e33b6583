import type { Rule } from '../finding.ts';
import { count } from '../words.ts';

/** GitHub assigns jobs to a scale set, and in the same breath says that fewer are assigned: runners are made for the second number. */
export const assignedNotCounted: Rule = ({ uncounted }) => {
  if (uncounted === undefined) return [];
  const { first, messages, decision, counted } = uncounted;
  return [
    {
      id: 'assigned-not-counted',
      severity: 'error',
      sentence: `GitHub assigned ${count(messages, 'job')} and counted ${counted} as assigned: the listener makes runners for ${counted}.`,
      details: ["The number of runners follows from the service's statistics alone, not from its messages on jobs."],
      runners: [],
      evidence: [
        { at: first, says: 'Job assigned message received (first)' },
        { at: decision, says: `Calculated target runner count: ${counted} assigned` },
      ],
      confidence: 'likely',
      advice:
        'Nothing in the cluster is wrong. Delete the listener pod for a new session; if the number stays wrong, tell GitHub Support, with these lines.',
      weightUs: 1e6,
    },
  ];
};

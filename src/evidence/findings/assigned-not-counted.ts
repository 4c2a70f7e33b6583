import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';

/** GitHub assigns jobs to a scale set, and in the same breath says that fewer are assigned: runners are made for the second number. */
export const assignedNotCounted: Rule = ({ uncounted }) => {
  if (uncounted === undefined) return [];
  const { first, messages, decision, counted: jobs } = uncounted;
  return [
    {
      id: 'assigned-not-counted',
      severity: 'error',
      sentence: t(
        'GitHub assigned {0} and counted {1} as assigned: the listener makes runners for {2}.',
        counted(messages, t('1 job'), t('{0} jobs', thousands(messages))),
        jobs,
        jobs,
      ),
      details: [t("The number of runners follows from the service's statistics alone, not from its messages on jobs.")],
      runners: [],
      evidence: [
        { at: first, says: 'Job assigned message received (first)' },
        { at: decision, says: `Calculated target runner count: ${jobs} assigned` },
      ],
      confidence: 'likely',
      advice: t(
        'Nothing in the cluster is wrong. Delete the listener pod for a new session; if the number stays wrong, tell GitHub Support, with these lines.',
      ),
      weightUs: 1e6,
    },
  ];
};

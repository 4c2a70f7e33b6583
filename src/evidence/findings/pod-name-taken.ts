import { t } from '@vscode/l10n';
import type { OfOne, Rule } from '../finding.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { lengthUs } from '../seen.ts';
import { firstAndLast, timesOver, withNote } from '../words.ts';

/** The event of a pod of its own, which a pass waits for, comes within seconds. */
const LONG_US = 60e6;

/** Runners whose pod cannot be made because another one has its name, and none of their own comes. */
export const podNameTaken: Rule = (reading) =>
  withNote(reading, 'pod exists').flatMap(({ runner, note }): OfOne[] => {
    const { name, namespace } = runner;
    const us = lengthUs(note);
    if (!isPodNameTaken(runner) || us < LONG_US) return [];
    return [
      {
        id: 'pod-name-taken',
        severity: 'error',
        sentence: t(
          "A pod named {0} exists that is not its runner's: the runner has found it {1} and has no pod of its own.",
          name,
          timesOver(reading, note.count, us),
        ),
        details: [t('ARC looks again every few seconds and does nothing to the pod.')],
        runners: [name],
        evidence: firstAndLast(note, t('its pod exists already')),
        confidence: 'likely',
        advice: t(
          'See whose it is, and delete it: kubectl get pod -n {0} {1} -o yaml shows its owner and how old it is.',
          namespace,
          name,
        ),
        weightUs: us,
        alike: {
          cause: '',
          sentence: (who) => t('Pods with the names of {0} exist that are not theirs.', who),
          sinceUs: note.first.at.us,
        },
      },
    ];
  });

/** Whether it has met a pod of its name over and over, and no line makes or shows one of its own. */
export function isPodNameTaken({ notes, pods, milestones }: RunnerHistory): boolean {
  return (
    (notes.get('pod exists')?.count ?? 0) > 2 && pods === 0 && !milestones.has('running') && !milestones.has('deleted')
  );
}

import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import { lengthUs } from '../seen.ts';
import { firstAndLast, names, took, withNote } from '../words.ts';

/** A job has ended well, but the service still lists the runner, and its pod is made again. */
export const existsAfterExit: Rule = (reading) => {
  const found = withNote(reading, 'exists after exit').sort((a, b) => b.note.count - a.note.count);
  const worst = found[0];
  if (worst === undefined) return [];
  const { checked } = worst.runner;
  const runners = found.map(({ runner }) => runner);
  const deleted = worst.note.count;
  const pods = counted(deleted, t('1 pod was deleted'), t('{0} pods were deleted', thousands(deleted)));
  const peer = [...reading.runners.values()].find(
    (runner) => !runner.notes.has('exists after exit') && runner.milestones.has('finished'),
  );
  return [
    {
      id: 'exists-after-exit',
      severity: 'error',
      sentence:
        runners.length === 1
          ? t('{0} ended, but the service still listed it: {1}, to be made again.', names(runners), pods)
          : t('{0} ended, but the service still listed them: {1}, to be made again.', names(runners), pods),
      details: [
        ...(peer === undefined
          ? []
          : [
              t(
                'For {0} the service no longer had the runner at that moment: that is the first difference.',
                peer.name,
              ),
            ]),
        ...(checked === undefined ? [] : [t('The answer {0}.', took(reading, checked.asked, checked.answered))]),
        ...(worst.runner.notes.has('failed for good') || worst.runner.notes.has('recreated')
          ? [t('After more than five times {0} was given up.', worst.runner.name)]
          : []),
        t(
          'GitHub may still list a runner for a moment after its job; since ARC 0.12.1 (#4142) an exit with code 0 counts as the end.',
        ),
      ],
      runners: runners.map(({ name }) => name),
      evidence: [
        ...(checked === undefined
          ? []
          : [
              { at: checked.asked, says: 'Checking if runner exists in GitHub service' },
              { at: checked.answered, says: 'Runner exists in GitHub service' },
            ]),
        ...firstAndLast(worst.note, t('Runner exists in GitHub service; the pod is deleted to restart it')),
        ...(peer === undefined
          ? []
          : [
              {
                at: peer.milestones.get('finished') as NonNullable<ReturnType<typeof peer.milestones.get>>,
                says: t('{0} ends, and does not exist in the service', peer.name),
              },
            ]),
      ],
      confidence: 'sure',
      advice: t('Upgrade to ARC 0.12.1 or later, where the exit code decides.'),
      weightUs: lengthUs(worst.note),
    },
  ];
};

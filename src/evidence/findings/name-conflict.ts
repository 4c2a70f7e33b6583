import { t } from '@vscode/l10n';
import type { Rule } from '../finding.ts';
import { firstAndLast, names, timesOver, withNote } from '../words.ts';

/** A registration of the same name is in the way. */
export const nameConflict: Rule = (reading) => {
  const conflicts = withNote(reading, 'name conflict').sort((a, b) => b.note.count - a.note.count);
  const worst = conflicts[0];
  if (worst === undefined) return [];
  const { runner, note } = worst;
  const us = note.last.at.us - note.first.at.us;
  const isOver = conflicts.every((each) => each.runner.hasPod || each.runner.milestones.has('deleted'));
  const runners = conflicts.map((each) => each.runner);
  return [
    {
      id: 'name-conflict',
      severity: isOver ? 'warning' : 'error',
      sentence: t(
        'The service already knows a runner named {0}: registration was refused {1}.',
        names(runners),
        timesOver(reading, note.count, us),
      ),
      details: [isOver ? t('It got over it.') : t('No end of it is in the log.')],
      runners: runners.map(({ name }) => name),
      evidence: firstAndLast(note, 'Getting runner jit config failed with conflict error'),
      confidence: 'sure',
      advice: isOver
        ? t('Nothing to do now. It comes from a controller that ended between a registration and its record.')
        : t(
            'Remove the old registration of {0} at GitHub, or delete the runner: its set makes one with another name.',
            runner.name,
          ),
      weightUs: us,
    },
  ];
};

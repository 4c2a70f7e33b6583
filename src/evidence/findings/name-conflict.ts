import type { Rule } from '../finding.ts';
import { firstAndLast, names, spanText, withNote, times } from '../words.ts';

/** A registration of the same name is in the way. */
export const nameConflict: Rule = (reading) => {
  const conflicts = withNote(reading, 'name conflict').sort((a, b) => b.note.count - a.note.count);
  const worst = conflicts[0];
  if (worst === undefined) return [];
  const { runner, note } = worst;
  const us = note.last.at.us - note.first.at.us;
  const isOver = conflicts.every((each) => each.runner.pods > 0 || each.runner.milestones.has('deleted'));
  const runners = conflicts.map((each) => each.runner);
  return [
    {
      id: 'name-conflict',
      severity: isOver ? 'warning' : 'error',
      sentence: `The service already knows a runner named ${names(runners)}: registration was refused ${times(note.count)}${us > 0 ? ` over ${spanText(reading, us)}` : ''}.`,
      details: [isOver ? 'It got over it.' : 'The log does not see an end of it.'],
      runners: runners.map(({ name }) => name),
      evidence: firstAndLast(note, 'Getting runner jit config failed with conflict error'),
      confidence: 'sure',
      advice: isOver
        ? 'Nothing to do now. It comes from a controller that ended between a registration and its record.'
        : `Remove the old registration of ${runner.name} at GitHub, or delete the runner: its set makes one with another name.`,
      weightUs: us,
    },
  ];
};

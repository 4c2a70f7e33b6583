import type { Rule } from '../finding.ts';
import { firstAndLast, names, withNote, times } from '../words.ts';

/** A runner of a version that GitHub no longer takes ends with exit code 7 and stops its whole set. */
export const outdated: Rule = (reading) => {
  const runners = withNote(reading, 'outdated');
  const sets = [...reading.sets.values()].filter((set) => set.outdated !== undefined);
  const note = runners[0]?.note ?? sets[0]?.outdated;
  if (note === undefined) return [];
  const who = runners.length > 0 ? names(runners.map(({ runner }) => runner)) : (sets[0]?.name ?? '');
  return [
    {
      id: 'outdated',
      severity: 'error',
      sentence: `${who} is outdated: GitHub no longer takes its runner version, and the set makes no more runners.`,
      details: sets.map((set) => `Set ${set.name} said so ${times(set.outdated?.count ?? 0)}.`),
      runners: runners.map(({ runner }) => runner.name),
      evidence: firstAndLast(note, 'the status becomes Outdated'),
      confidence: 'sure',
      advice:
        'Use a current image of actions-runner in the pod template. A change of the template also brings an outdated set back.',
      weightUs: 1e6,
    },
  ];
};

import type { Rule } from '../finding.ts';
import { count, firstAndLast, names, took, withNote } from '../words.ts';

/** A job has ended well, but the service still lists the runner, and its pod is made again. */
export const existsAfterExit: Rule = (reading) => {
  const found = withNote(reading, 'exists after exit').sort((a, b) => b.note.count - a.note.count);
  const worst = found[0];
  if (worst === undefined) return [];
  const { checked } = worst.runner;
  const runners = found.map(({ runner }) => runner);
  const peer = [...reading.runners.values()].find(
    (runner) => !runner.notes.has('exists after exit') && runner.milestones.has('finished'),
  );
  return [
    {
      id: 'exists-after-exit',
      severity: 'error',
      sentence: `${names(runners)} ended, but the service still listed ${runners.length === 1 ? 'it' : 'them'}: ${count(worst.note.count, 'pod was', 'pods were')} deleted, to be made again.`,
      details: [
        ...(peer === undefined
          ? []
          : [`For ${peer.name} the service no longer had the runner at that moment: that is the first difference.`]),
        ...(checked === undefined ? [] : [`The answer ${took(reading, checked.asked, checked.answered)}.`]),
        ...(worst.runner.notes.has('failed for good') || worst.runner.notes.has('recreated')
          ? [`After more than five times ${worst.runner.name} was given up.`]
          : []),
        'The answer may be a false alarm just after the exit; since ARC 0.12.1 (#4142) an exit with 0 is believed.',
      ],
      runners: runners.map(({ name }) => name),
      evidence: [
        ...(checked === undefined
          ? []
          : [
              { at: checked.asked, says: 'Checking if runner exists in GitHub service' },
              { at: checked.answered, says: 'Runner exists in GitHub service' },
            ]),
        ...firstAndLast(worst.note, 'Runner exists in GitHub service; the pod is deleted to restart it'),
        ...(peer === undefined
          ? []
          : [
              {
                at: peer.milestones.get('finished') as NonNullable<ReturnType<typeof peer.milestones.get>>,
                says: `${peer.name} ends, and does not exist in the service`,
              },
            ]),
      ],
      confidence: 'sure',
      advice: 'Upgrade to ARC 0.12.1 or later, where the exit code decides.',
      weightUs: worst.note.last.at.us - worst.note.first.at.us,
    },
  ];
};

import type { Rule } from '../finding.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { count, firstAndLast, names, spanText, withNote, times } from '../words.ts';

const SIGNALS: Readonly<Record<string, string>> = {
  '7': 'GitHub no longer takes this version of the runner',
  '137': 'killed, often for its memory',
  '139': 'segmentation fault',
  '143': 'terminated',
  '127': 'command not found',
  '126': 'not executable',
};

/** Pods of a runner that end with failure again and again. */
export const keepsFailing: Rule = (reading) => {
  const failures = withNote(reading, 'pod failed')
    .filter(({ runner }) => !hasItsOwnFinding(runner))
    .sort((a, b) => b.note.count - a.note.count);
  const given = (['failed for good', 'recreated'] as const)
    .flatMap((note) => withNote(reading, note))
    .filter(({ runner }) => !hasItsOwnFinding(runner));
  const worst = failures[0];
  if (worst === undefined && given[0] === undefined) return [];
  const runner = (given[0]?.runner ?? worst?.runner) as RunnerHistory;
  const note = runner.notes.get('pod failed') ?? worst?.note ?? given[0]?.note;
  if (note === undefined) return [];
  const us = note.last.at.us - note.first.at.us;
  const code = runner.notes.get('container failed')?.text ?? '';
  const runners = [...new Set([...given, ...failures].map((each) => each.runner))];
  const end = given.length === 0 ? '' : ', then it was given up';
  const why = code === '' ? '' : ` with exit code ${code}`;
  return [
    {
      id: 'keeps-failing',
      severity: given.length > 0 || note.count > 1 ? 'error' : 'warning',
      sentence: `The pod of ${runner.name} failed ${times(note.count)}${us > 0 ? ` in ${spanText(reading, us)}` : ''}${why}${end}.`,
      details: [
        ...(SIGNALS[code] === undefined ? [] : [`Exit code ${code} means: ${SIGNALS[code]}.`]),
        ...(code === '' ? ['The log does not say why; the pod is gone by now.'] : []),
        ...(runners.length > 1 ? [`Failed pods: ${count(runners.length, 'runner')}, ${names(runners)}.`] : []),
      ],
      runners: runners.map(({ name }) => name),
      evidence: [
        ...firstAndLast(note, 'the failed pod is deleted and counted'),
        ...given
          .slice(0, 1)
          .map((each) => ({ at: each.note.first, says: 'EphemeralRunner has failed more than 5 times' })),
      ],
      confidence: 'sure',
      advice:
        code === '7'
          ? 'Use a current image of actions-runner in the pod template.'
          : 'Read the log of container "runner" of such a pod while it is there, or its last state in kubectl describe.',
      weightUs: us,
    },
  ];
};

/** Its pods ended well, and were deleted because the service still listed the runner. */
function hasItsOwnFinding({ notes }: RunnerHistory): boolean {
  return (
    (notes.get('exists after exit')?.count ?? 0) + 1 >= (notes.get('pod failed')?.count ?? 0) &&
    notes.has('exists after exit')
  );
}

import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { names, withNote } from '../words.ts';

/** Runners that ARC gives up while the log shows no pod of them: one that is refused never was there, and what refused it may be cut away. */
export const givenUp: Rule = (reading) => {
  const given = (['failed for good', 'recreated'] as const)
    .flatMap((note) => withNote(reading, note))
    .filter(({ runner }) => !showsPod(runner) && !runner.notes.has('pod refused'));
  const [first] = given;
  if (first === undefined) return [];
  const runners = [...new Set(given.map(({ runner }) => runner))];
  const arePodsToBlame = given.every(({ note }) => note.text.includes('more than'));
  return [
    {
      id: 'given-up',
      severity: 'error',
      sentence: arePodsToBlame
        ? counted(
            runners.length,
            t(
              '{0} was given up as more than five of its pods failed; the log does not show why they did.',
              first.runner.name,
            ),
            t(
              '{0} runners were given up as more than five pods of each failed; the log does not show why they did.',
              thousands(runners.length),
            ),
          )
        : counted(
            runners.length,
            t('{0} was given up; the log does not show why, nor a pod of it.', first.runner.name),
            t('{0} runners were given up; the log does not show why, nor a pod of them.', thousands(runners.length)),
          ),
      details: [
        ...(runners.length > 1 ? [names(runners)] : []),
        ...(runners.some(({ notes }) => notes.has('failed for good'))
          ? [t('A runner that has failed for good counts for its set until it is deleted.')]
          : []),
      ],
      runners: runners.map(({ name }) => name),
      evidence: [{ at: first.note.first, says: t('it is given up') }],
      confidence: 'sure',
      advice: t(
        'Give the log from before. The runner says why in its status: kubectl get ephemeralrunner {0} -o yaml.',
        first.runner.name,
      ),
      weightUs: 0,
    },
  ];
};

/** Whether the log shows that it had a pod. */
export function showsPod(runner: RunnerHistory): boolean {
  return runner.hasPod || hasFailed(runner);
}

/** Whether the log shows that a pod of it failed. */
export function hasFailed({ notes }: RunnerHistory): boolean {
  return (['pod failed', 'pod ended', 'container failed'] as const).some((note) => notes.has(note));
}

import { t } from '@vscode/l10n';
import { runnersText, thousands, timesText } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { firstAndLast, names, spanText, withNote } from '../words.ts';

const SIGNALS: Readonly<Record<string, () => string>> = {
  '7': () => t('GitHub no longer takes this version of the runner'),
  '137': () => t('killed, often for its memory'),
  '139': () => t('segmentation fault'),
  '143': () => t('terminated'),
  '127': () => t('command not found'),
  '126': () => t('not executable'),
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
  const often = us > 0 ? t('{0} in {1}', timesText(note.count), spanText(reading, us)) : timesText(note.count);
  const failed =
    code === ''
      ? t('The pod of {0} failed {1}', runner.name, often)
      : t('The pod of {0} failed {1} with exit code {2}', runner.name, often, code);
  const means = SIGNALS[code]?.();
  return [
    {
      id: 'keeps-failing',
      severity: given.length > 0 || note.count > 1 ? 'error' : 'warning',
      sentence: given.length === 0 ? t('{0}.', failed) : t('{0}, then it was given up.', failed),
      details: [
        ...(means === undefined ? [] : [t('Exit code {0} means: {1}.', code, means)]),
        ...(code === '' ? [t('The log does not say why; the pod is gone by now.')] : []),
        ...(runner.notes.has('failed for good')
          ? [t('It has failed for good: its set counts it, and makes no other, until it is deleted.')]
          : []),
        ...(runners.length > 1
          ? [t('Failed pods: {0}, {1}.', runnersText(thousands(runners.length)), names(runners))]
          : []),
      ],
      runners: runners.map(({ name }) => name),
      evidence: [
        ...firstAndLast(note, t('the failed pod is deleted and counted')),
        ...given.slice(0, 1).map((each) => ({ at: each.note.first, says: t('it is given up') })),
      ],
      confidence: 'sure',
      advice:
        code === '7'
          ? t('Use a current image of actions-runner in the pod template.')
          : t(
              'Read the log of container "runner" of such a pod while it is there, or its last state in kubectl describe.',
            ),
      weightUs: us,
    },
  ];
};

/** Its pods ended well, and were deleted because the service still listed the runner. */
function hasItsOwnFinding({ notes }: RunnerHistory): boolean {
  // Its pod was never made.
  if (notes.has('pod refused')) return true;
  return (
    (notes.get('exists after exit')?.count ?? 0) + 1 >= (notes.get('pod failed')?.count ?? 0) &&
    notes.has('exists after exit')
  );
}

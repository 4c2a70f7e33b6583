import { t } from '@vscode/l10n';
import { counted } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import { isOfAnotherSet, nameOfAnotherSetAdvice, secondInstallationAdvice } from '../name-taken.ts';
import { runnersOfTwo } from '../second-controller.ts';
import { lengthUs, together } from '../seen.ts';
import { firstAndLast, names, timesOver, withNote } from '../words.ts';

/** A controller that ends leaves as many as it has workers, by default two. */
const MANY = 3;

/** A registration of the same name is in the way. */
export const nameConflict: Rule = (reading) => {
  // Two controllers have a finding of their own, which says what to do.
  const ofTwo = new Set(runnersOfTwo(reading));
  const conflicts = withNote(reading, 'name conflict')
    .filter((each) => !ofTwo.has(each.runner))
    .sort((a, b) => b.note.count - a.note.count);
  const worst = conflicts[0];
  if (worst === undefined) return [];
  const { runner, note } = worst;
  const all = together(conflicts.map((each) => each.note));
  const us = lengthUs(all);
  const isOver = conflicts.every((each) => each.runner.hasPod);
  // Since 0.13.0 a runner whose name is another scale set's is deleted, and its set makes one of another name.
  const areDeleted = conflicts.every((each) => !each.runner.hasPod && each.runner.milestones.has('deleted'));
  const runners = conflicts.map((each) => each.runner);
  const holder = reading.nameHolders.get(runner);
  const isAnothers = !isOver && (holder !== undefined || isOfAnotherSet(note.text));
  const who = names(runners);
  const often = timesOver(reading, all.count, us);
  return [
    {
      id: 'name-conflict',
      severity: isOver ? 'warning' : 'error',
      sentence: !isAnothers
        ? t('The service already knows a runner named {0}: registration was refused {1}.', who, often)
        : holder === undefined
          ? counted(
              runners.length,
              t('The name {0} is registered by another scale set: registration was refused {1}.', who, often),
              t('The names {0} are registered by another scale set: registration was refused {1}.', who, often),
            )
          : counted(
              runners.length,
              t(
                'The name {0} is registered by scale set {2}, another one: registration was refused {1}.',
                ...[who, often, holder],
              ),
              t(
                'The names {0} are registered by scale set {2}, another one: registration was refused {1}.',
                ...[who, often, holder],
              ),
            ),
      details: [
        isOver
          ? t('It got over it.')
          : areDeleted
            ? counted(
                conflicts.length,
                t('The runner was deleted for it, before it had a pod.'),
                t('All of these runners were deleted for it, before they had a pod.'),
              )
            : t('No end of it is in the log.'),
      ],
      runners: runners.map(({ name }) => name),
      evidence: firstAndLast(
        all,
        note.text === '' ? 'Getting runner jit config failed with conflict error' : undefined,
      ),
      confidence: 'sure',
      advice:
        isOver && runners.length >= MANY
          ? t(
              'That this many are taken is no chance: look for a second controller on the same namespace (kubectl get deployments -A), and for restarts of this one.',
            )
          : isOver
            ? t('Nothing to do now. It comes from a controller that ended between a registration and its record.')
            : areDeleted
              ? secondInstallationAdvice()
              : isAnothers
                ? nameOfAnotherSetAdvice()
                : t(
                    'Remove the old registration of {0} at GitHub, or delete the runner: its set makes one with another name.',
                    runner.name,
                  ),
      weightUs: us,
    },
  ];
};

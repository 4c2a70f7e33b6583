import { t } from '@vscode/l10n';
import { timesText } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import { lengthUs } from '../seen.ts';
import { firstAndLast, names, spanText, withNote } from '../words.ts';

/** The service says that a job still runs, and the controller asks again every 30 seconds. */
export const removalRefused: Rule = (reading) => {
  const refused = withNote(reading, 'removal refused')
    .filter(({ note }) => note.count > 1)
    .sort((a, b) => b.note.count - a.note.count);
  const worst = refused[0];
  if (worst === undefined) return [];
  const { note, runner } = worst;
  const us = lengthUs(note);
  const isOver = runner.milestones.has('gone');
  const others = refused.slice(1).map((other) => other.runner);
  return [
    {
      id: 'removal-refused',
      severity: isOver ? 'note' : 'error',
      sentence: t(
        'The service refused to remove {0} {1} over {2}: it says a job still runs.',
        runner.name,
        timesText(note.count),
        spanText(reading, us),
      ),
      details: [
        isOver
          ? t('It was removed in the end.')
          : t('The controller asks again every 30 s; no end of it is in the log.'),
        ...(others.length === 0 ? [] : [t('The same happened to {0}.', names(others))]),
      ],
      runners: refused.map((each) => each.runner.name),
      evidence: firstAndLast(note, t('the removal is refused')),
      confidence: 'sure',
      advice: isOver
        ? t('Nothing to do: the runner waited for its job.')
        : t(
            'Look for the job at GitHub: where it has ended or hangs, cancel it. Its runner is kept, and counts, until then.',
          ),
      weightUs: us,
    },
  ];
};

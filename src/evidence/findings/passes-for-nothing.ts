import { t } from '@vscode/l10n';
import { passesText } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import { lengthUs } from '../seen.ts';
import { firstAndLast, meanText, names, spanText, withNote } from '../words.ts';

/** Passes further apart than this are those that events of a pod bring. */
const OFTEN_US = 10e6;

/** Passes over a runner that neither changed nor found anything, one right after the other: something queues it again and again. */
export const passesForNothing: Rule = (reading) => {
  const busy = withNote(reading, 'nothing new')
    .map((each) => ({ ...each, us: lengthUs(each.note) }))
    .filter(({ note, us }) => us / note.count <= OFTEN_US)
    .sort((a, b) => b.note.count - a.note.count);
  const [worst] = busy;
  if (worst === undefined) return [];
  const { runner, note, us } = worst;
  return [
    {
      id: 'passes-for-nothing',
      severity: 'warning',
      sentence: t(
        '{0} of {1} in {2} changed nothing, one every {3}.',
        passesText(note.count),
        runner.name,
        spanText(reading, us),
        meanText(us / note.count, note.count),
      ),
      details:
        busy.length === 1 ? [] : [t('The same happened to {0}.', names(busy.slice(1).map((each) => each.runner)))],
      runners: busy.map((each) => each.runner.name),
      evidence: firstAndLast(note, t('a pass that found nothing new')),
      confidence: 'likely',
      advice: t(
        'See who writes to the runner or its pod that often (kubectl get pod -w, or the audit log): each write queues a pass.',
      ),
      weightUs: us,
    },
  ];
};

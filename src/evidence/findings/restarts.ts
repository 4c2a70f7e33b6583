import { t } from '@vscode/l10n';
import { namesInWords, timesText } from '../../base/count-words.ts';
import { isEndTold } from '../absences.ts';
import type { Rule } from '../finding.ts';
import { clock, spanBetween } from '../words.ts';

/** An upgrade or a node that is drained explains one start; more in a row are no work of a person. */
const FEWEST = 2;
/** The first few times are named. */
const SHOWN = 3;

/** A controller that starts again and again, and whose last words never are that it was asked to end. */
export const restarts: Rule = (reading) => {
  const starts = reading.processes.flatMap(({ start, before, isSucceeding }) =>
    start === undefined ||
    before === undefined ||
    isSucceeding ||
    before.source !== start.source ||
    isEndTold(reading, before, start)
      ? []
      : [{ start, before }],
  );
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined || starts.length < FEWEST) return [];
  return [
    {
      id: 'restarts',
      severity: 'warning',
      sentence: t(
        'The controller started again {0} in {1} and never said that it ends: something killed it.',
        timesText(starts.length),
        spanBetween(reading, first.before, last.start),
      ),
      details: [
        t(
          'At {0}.',
          starts.length <= SHOWN + 1
            ? namesInWords(starts.map(({ start }) => clock(start)))
            : t(
                '{0} and, as the last, {1}',
                namesInWords(starts.slice(0, SHOWN).map(({ start }) => clock(start))),
                clock(last.start),
              ),
        ),
      ],
      runners: [],
      evidence: [
        { at: first.before, says: t('its last line before the first of these starts') },
        { at: first.start, says: t('it starts again') },
        { at: last.start, says: t('it starts for the last time') },
      ],
      confidence: 'likely',
      advice: t(
        "Look at the last state of its container (OOMKilled, exit code, failed probes): kubectl describe pod, in the controller's namespace, and kubectl logs --previous.",
      ),
      weightUs: last.start.at.us - first.before.at.us,
    },
  ];
};

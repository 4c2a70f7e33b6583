import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { absencesOf, isEndTold } from '../absences.ts';
import type { Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import type { Seen } from '../seen.ts';
import { clock, spanBetween } from '../words.ts';

/** Runners that waited while no controller ran: it was killed, or stopped and started late. */
export const controllerAway: Rule = (reading) =>
  absencesOf(reading)
    .filter(({ from, until }) => !isEndTold(reading, from, until))
    .map(({ from, until, isStopped, waiting, mayHaveWaited }) => ({
      id: 'controller-away',
      severity: waiting.length > 0 ? 'error' : 'warning',
      sentence: sentence(reading, from, until, waiting.length),
      details: [
        ...maybeText(mayHaveWaited.length),
        isStopped
          ? t('It was asked to end before.')
          : t('Its last lines say nothing of an end: it was killed, as for its memory, or its node went away.'),
      ],
      runners: [...waiting, ...mayHaveWaited].map(({ name }) => name),
      evidence: [
        { at: from, says: t('its last line') },
        { at: until, says: t('the next one starts') },
      ],
      confidence: 'sure',
      advice: t(
        "Look at the last state of its container (OOMKilled, exit code) and at its node: kubectl describe pod, in the controller's namespace.",
      ),
      weightUs: until.at.us - from.at.us,
    }));

function sentence(reading: Reading, from: Seen, until: Seen, waiting: number): string {
  const [start, end, span] = [clock(from), clock(until), spanBetween(reading, from, until)];
  if (waiting === 0) return t('The controller did not run from {0} to {1}, for {2}.', start, end, span);
  return counted(
    waiting,
    t('The controller did not run from {0} to {1}, for {2}, while 1 runner waited for its pod.', start, end, span),
    t(
      'The controller did not run from {0} to {1}, for {2}, while {3} runners waited for their pods.',
      ...[start, end, span, thousands(waiting)],
    ),
  );
}

function maybeText(runners: number): string[] {
  if (runners === 0) return [];
  return [
    counted(
      runners,
      t('1 runner has its first line right after the start: it may have waited as well.'),
      t('{0} runners have their first lines right after the start: they may have waited as well.', thousands(runners)),
    ),
  ];
}

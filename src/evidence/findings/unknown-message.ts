import { t } from '@vscode/l10n';
import { runnersText, thousands, timesText } from '../../base/count-words.ts';
import { groupBy } from '../../base/group.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import { withoutPod } from '../bursts.ts';
import type { Finding, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { together, type Repeated } from '../seen.ts';
import { clock, firstAndLast, names } from '../words.ts';

/** Said less often it may be a step on the way. */
const OFTEN = 3;

interface Waiting {
  readonly runner: RunnerHistory;
  readonly note: Repeated;
}

/** Runners without a pod where the last that the controller says of them, over and over, is what no known release writes. */
export const unknownMessage: Rule = (reading) => {
  const waiting = withoutPod(reading).flatMap((runner) => {
    const note = runner.notes.get('new message');
    const isLast = note?.last.source === runner.last.source && note.last.line === runner.last.line;
    return isLast && note.count >= OFTEN && note.firstText === note.lastText ? [{ runner, note }] : [];
  });
  return [...groupBy(waiting, ({ note }) => note.text).values()].map((alike) => finding(reading, alike));
};

function finding(reading: Reading, alike: readonly Waiting[]): Finding {
  const runners = alike.map(({ runner }) => runner);
  const note = together(alike.map((each) => each.note));
  const who = runners.length <= 2 ? names(runners) : runnersText(thousands(runners.length));
  const said = [note.text, timesText(note.count), clock(note.first), clock(note.last)];
  return {
    id: 'unknown-message',
    severity: 'error',
    sentence: reading.isLive
      ? t('Still no pod for {0}: the controller says "{1}", {2} from {3} to {4}.', who, ...said)
      : t('No pod for {0} when the log ends: the controller says "{1}", {2} from {3} to {4}.', who, ...said),
    details: [
      t(
        'No release up to {0} writes this message, so what leads to it is not known here.',
        RELEASES.published.at(-1) ?? '',
      ),
    ],
    runners: runners.map(({ name }) => name),
    evidence: firstAndLast(note),
    confidence: 'likely',
    advice: t(
      'Look for the message in the source and in the release notes of your release of ARC: they say what such a runner waits for.',
    ),
    weightUs: reading.latestUs - note.first.at.us,
  };
}

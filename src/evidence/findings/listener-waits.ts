import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import { clock, firstAndLast, spanBetween } from '../words.ts';

/** A job of a few seconds keeps nobody waiting. */
const LONG_US = 60e6;

/** Scale sets that have changed, whose new listener waits for the runners that there are: meanwhile no job becomes a runner. */
export const listenerWaits: Rule = (reading) =>
  [...reading.listenerWaits].flatMap(([name, { said, running, pending, until }]): Finding[] => {
    const end = until ?? said.last;
    const us = end.at.us - said.first.at.us;
    if (us < LONG_US) return [];
    const how = [name, spanBetween(reading, said.first, end), clock(said.first), runnersIn(running, pending)];
    return [
      {
        id: 'listener-waits',
        severity: until === undefined ? 'error' : 'warning',
        sentence:
          until === undefined
            ? t('Scale set {0} has had no listener for {1}, since {2}: it waits for {3} to end.', ...how)
            : t('Scale set {0} had no listener for {1}, from {2}: it waited for {3} to end.', ...how),
        details: [
          t('The controller takes the listener of a changed scale set away and makes the new one only after them.'),
        ],
        runners: [],
        evidence: [
          ...firstAndLast(said, t('it waits for its runners')),
          ...(until === undefined ? [] : [{ at: until, says: t('it goes on') }]),
        ],
        confidence: 'sure',
        advice: t(
          'A runner ends with its job; an idle one stays, as only a listener would take it away (#4432). Delete idle ones: kubectl delete ephemeralrunner, in the namespace of the set. Up to ARC 0.14, flags.updateStrategy=immediate does not wait.',
        ),
        weightUs: us,
      },
    ];
  });

/** `2 running runners and 1 pending` */
function runnersIn(running = 0, pending = 0): string {
  if (running + pending === 0) return t('its runners');
  const run = counted(running, t('1 running runner'), t('{0} running runners', thousands(running)));
  if (pending === 0) return run;
  if (running === 0) return counted(pending, t('1 pending runner'), t('{0} pending runners', thousands(pending)));
  return t('{0} and {1} pending', run, thousands(pending));
}

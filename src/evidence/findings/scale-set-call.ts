import { t } from '@vscode/l10n';
import type { EvidenceLine, Finding, Rule } from '../finding.ts';
import type { Reading, ScaleSetCall, ServiceCall } from '../reading.ts';
import type { Seen } from '../seen.ts';
import { clock, spanBetween } from '../words.ts';

const LONG_US = 30e6;
/** Within a pass the client tries for about as long: five minutes five times, and the waits between. */
const ALL_TRIES_US = 30 * 60e6;
const SCALE_SET = /\/runnerscalesets\/(\d+)$/;

/** A call about a scale set that the service does not answer: the controller of scale sets has one worker, which waits for it. */
export const scaleSetCall: Rule = (reading) =>
  [
    ...reading.scaleSetCalls.map((call) => ofCall(reading, call)),
    ...ofClient(reading).map((call) => ofCall(reading, call)),
  ].flat();

/** Where the controller's own lines were left out, those of its client tell the same. */
function ofClient({ calls, scaleSetCalls, linesAbove }: Reading): ScaleSetCall[] {
  const last = calls.findLast(({ verb, path }) => verb === 'DELETE' && SCALE_SET.test(path));
  if (last === undefined || scaleSetCalls.length > 0 || linesAbove.size > 0) return [];
  const id = SCALE_SET.exec(last.path)?.[1] ?? '';
  return [{ name: id, does: 'delete', from: last.started, until: undefined }];
}

function ofCall(reading: Reading, { name, does, from, until }: ScaleSetCall): Finding[] {
  const end = until ?? nowIn(reading) ?? from;
  const us = end.at.us - from.at.us;
  // A log that was read to its end while the call went on has nothing behind it.
  const isLastLine = until === undefined && isEnd(reading, from);
  if (us < LONG_US && !isLastLine) return [];
  const tries = triesOf(reading, from, until);
  const failed = tries.filter(({ failures }) => failures > 0);
  const what = whatOf(does, name);
  const span = spanBetween(reading, from, end);
  const isLong = us >= LONG_US;
  const evidence: EvidenceLine[] = [
    { at: from, says: t('the call begins') },
    ...tries.slice(0, 1).map(({ started, verb, path }) => ({ at: started, says: `${verb} ${path}` })),
    ...failed.slice(-1).flatMap(({ ended, error }) => (ended === undefined ? [] : [{ at: ended, says: error }])),
    ...(isLong ? [{ at: end, says: until === undefined ? t('no answer by then') : t('the controller goes on') }] : []),
  ];
  return [
    {
      id: 'scale-set-call',
      severity: isLong ? 'error' : 'warning',
      sentence: !isLong
        ? t('{0} began at {1}, and the log ends without an answer.', what, clock(from))
        : until === undefined
          ? t('{0} has had no answer for {1}, since {2}: no other scale set is reconciled.', what, span, clock(from))
          : t('{0} had no answer for {1}, from {2}: no other scale set was reconciled.', what, span, clock(from)),
      details: [
        t(
          'The controller of scale sets has one worker: runners that exist go on, but no scale set is made, changed or deleted.',
        ),
        ...(failed.length === 0 ? [] : [t('The client tried again after: {0}.', failed.at(-1)?.error ?? '')]),
        ...(isLong ? [] : [t('If the log was taken later than that, the worker waits for the answer still.')]),
      ],
      runners: [],
      evidence,
      confidence: !isLong ? 'unsure' : tries.length === 0 && until === undefined ? 'likely' : 'sure',
      advice:
        until === undefined && us < ALL_TRIES_US
          ? t(
              "ARC waits up to 5 minutes for GitHub's reply and tries a call up to 5 times. Check the network path to GitHub (proxy, firewall, DNS); restarting the controller (kubectl rollout restart) ends the wait, and the call is made again.",
            )
          : until === undefined
            ? t(
                'It does not come back by itself any more: restart the controller (kubectl rollout restart deployment), and check the network path to GitHub (proxy, firewall, DNS).',
              )
            : t('Check the network path to GitHub (proxy, firewall, DNS) at that time, and githubstatus.com.'),
      weightUs: us,
    },
  ];
}

/** Beginning of a sentence: what the call does. */
function whatOf(does: ScaleSetCall['does'], name: string): string {
  switch (does) {
    case 'delete':
      return t('The DELETE call for scale set {0}', name);
    case 'create':
      return t('The call that creates scale set {0}', name);
    case 'update':
      return t('The call that updates scale set {0}', name);
  }
}

/** The latest time that anything given names. */
function nowIn({ last, objects, latestUs }: Reading): Seen | undefined {
  const us = Math.max(latestUs, objects.latestUs);
  return last === undefined ? undefined : { ...last, at: last.at.us >= us ? last.at : { us, withinUs: 0 } };
}

function isEnd({ last, calls, isLive }: Reading, from: Seen): boolean {
  if (isLive || last === undefined || last.source !== from.source) return false;
  const own = calls.filter(({ started }) => started.source === from.source && started.line > from.line).length;
  return last.line <= from.line + own;
}

function triesOf({ calls }: Reading, from: Seen, until: Seen | undefined): ServiceCall[] {
  const endUs = until?.at.us ?? Number.POSITIVE_INFINITY;
  return calls.filter(
    ({ started, path }) =>
      /\/runnerscalesets(?:\/\d+)?$/.test(path) && started.at.us >= from.at.us - 1e6 && started.at.us <= endUs,
  );
}

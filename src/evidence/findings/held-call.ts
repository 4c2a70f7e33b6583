import { t } from '@vscode/l10n';
import { wayStart } from '../bursts.ts';
import type { EvidenceLine, Finding, Rule } from '../finding.ts';
import type { LongStep, Reading, ServiceCall } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import type { Seen } from '../seen.ts';
import { clock, names, spanBetween, spanText } from '../words.ts';

const LONG_US = 30e6;

/** One call to the Actions service that holds a worker, over or still going on, and who waited meanwhile. */
export const heldCall: Rule = (reading) =>
  [...reading.longSteps, ...openSteps(reading)]
    .filter(({ doing }) => doing === 'jit' || doing === 'service')
    .sort((a, b) => lastedUs(reading, b) - lastedUs(reading, a))
    .slice(0, 5)
    .map((step) => finding(reading, step))
    .sort((a, b) => b.weightUs - a.weightUs);

function lastedUs({ last }: Reading, { from, until }: LongStep): number {
  return (until ?? last ?? from).at.us - from.at.us;
}

/** Steps that the log does not see the end of. */
function openSteps(reading: Reading): LongStep[] {
  const { last } = reading;
  if (last === undefined) return [];
  return [...reading.runners.values()].flatMap((runner) => {
    const { open } = runner;
    const isHeld = open !== undefined && (open.doing === 'jit' || open.doing === 'service');
    return isHeld && last.at.us - open.at.us >= LONG_US
      ? [{ runner, doing: open.doing, from: open, until: undefined, error: '' }]
      : [];
  });
}

function finding(reading: Reading, { runner, doing, from, until, error }: LongStep): Finding {
  const call = callOf(reading, runner, from, until, doing === 'jit');
  const begin = call?.started ?? from;
  const end = until ?? reading.last ?? from;
  const us = end.at.us - begin.at.us;
  const waiting = [...reading.runners.values()].filter((other) => other !== runner && waited(other, begin, end));
  const what =
    call === undefined ? (doing === 'jit' ? t('JIT call') : t('call to the service')) : t('{0} call', call.verb);
  const span = [spanBetween(reading, begin, end), clock(begin), clock(end)] as const;
  const evidence: EvidenceLine[] = [
    { at: begin, says: call === undefined ? t('the call begins') : `${call.verb} ${call.path}` },
    ...(call?.ended === undefined ? [] : [{ at: call.ended, says: call.error || t('the client tries again') }]),
    {
      at: end,
      says:
        until === undefined
          ? reading.isLive
            ? t('it goes on')
            : t('the log ends')
          : error === ''
            ? t('the next line of the runner')
            : error,
    },
    ...waiting.slice(0, 3).map((other) => ({ at: wayStart(other), says: `${other.name} waits` })),
  ];
  return {
    id: 'held-call',
    severity: 'error',
    sentence: withWaiting(
      until === undefined
        ? t('One {0} for {1} has held a worker for {2}, {3} to {4}', what, runner.name, ...span)
        : t('One {0} for {1} held a worker for {2}, {3} to {4}', what, runner.name, ...span),
      waiting,
    ),
    details: [
      ...(call === undefined || call.failures === 0
        ? []
        : [
            t(
              "The client's try failed after {0} and was repeated within the same pass.",
              spanText(reading, (call.ended?.at.us ?? 0) - call.started.at.us),
            ),
          ]),
      ...waiting.slice(0, 3).map((other) => waitText(reading, other, begin, end)),
      ...(call === undefined ? [t('The log has no line of the HTTP client, so the call itself is not seen.')] : []),
    ],
    runners: [runner.name, ...waiting.map(({ name }) => name)],
    evidence,
    confidence: call === undefined ? 'likely' : 'sure',
    advice: t(
      "ARC waits up to 5 minutes for GitHub's reply and tries a call up to 5 times, and the worker does nothing else meanwhile. Check the network path to GitHub (proxy, firewall, DNS); with more workers (flags.runnerMaxConcurrentReconciles) other runners go on.",
    ),
    knob: 'flags.runnerMaxConcurrentReconciles',
    weightUs: us,
  };
}

function withWaiting(held: string, waiting: readonly RunnerHistory[]): string {
  return waiting.length === 0 ? t('{0}.', held) : t('{0}; {1} waited.', held, names(waiting));
}

/** The client's line for the call, by the registration's id, or else by the time. */
function callOf(
  reading: Reading,
  runner: RunnerHistory,
  from: Seen,
  until: Seen | undefined,
  isJit: boolean,
): ServiceCall | undefined {
  const endUs = until?.at.us ?? Number.POSITIVE_INFINITY;
  return reading.calls.find((call) => {
    const isThen = call.started.at.us >= from.at.us - 1e6 && call.started.at.us <= endUs;
    const isIts = isJit ? call.path.endsWith('/generatejitconfig') : call.runnerId === runner.runnerId;
    return isThen && isIts && (runner.runnerId !== undefined) === !isJit;
  });
}

/** Whether all that a runner did between the two is wait: it had begun and no line of it came before the end. */
function waited(other: RunnerHistory, begin: Seen, end: Seen): boolean {
  const start = wayStart(other).at.us;
  const next = other.taken;
  return (
    start >= begin.at.us - 1e6 && start < end.at.us && !other.hasPod && (next === undefined || next.at.us >= end.at.us)
  );
}

function waitText(reading: Reading, other: RunnerHistory, begin: Seen, end: Seen): string {
  const us = (other.taken ?? end).at.us - Math.max(wayStart(other).at.us, begin.at.us);
  return t('{0} was not touched for {1}.', other.name, spanText(reading, us));
}

import { wayStart } from '../bursts.ts';
import type { EvidenceLine, Finding, Rule } from '../finding.ts';
import type { LongStep, Reading, ServiceCall } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import type { Seen } from '../seen.ts';
import { clock, names, spanText } from '../words.ts';

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
  const what = call === undefined ? (doing === 'jit' ? 'JIT call' : 'call to the service') : `${call.verb} call`;
  const how = until === undefined ? 'has held' : 'held';
  const evidence: EvidenceLine[] = [
    { at: begin, says: call === undefined ? 'the call begins' : `${call.verb} ${call.path}` },
    ...(call?.ended === undefined ? [] : [{ at: call.ended, says: call.error || 'the client tries again' }]),
    {
      at: end,
      says:
        until === undefined
          ? reading.isLive
            ? 'it goes on'
            : 'the log ends'
          : error === ''
            ? 'the next line of the runner'
            : error,
    },
    ...waiting.slice(0, 3).map((other) => ({ at: wayStart(other), says: `${other.name} waits` })),
  ];
  return {
    id: 'held-call',
    severity: 'error',
    sentence: `One ${what} for ${runner.name} ${how} a worker for ${spanText(reading, us)}, ${clock(begin)} to ${clock(end)}${waiting.length === 0 ? '' : `; ${names(waiting)} waited`}.`,
    details: [
      ...(call === undefined || call.failures === 0
        ? []
        : [
            `The client's try failed after ${spanText(reading, (call.ended?.at.us ?? 0) - call.started.at.us)} and was repeated within the same pass.`,
          ]),
      ...waiting.slice(0, 3).map((other) => waitText(reading, other, begin, end)),
      ...(call === undefined ? ['The log has no line of the HTTP client, so the call itself is not seen.'] : []),
    ],
    runners: [runner.name, ...waiting.map(({ name }) => name)],
    evidence,
    confidence: call === undefined ? 'likely' : 'sure',
    advice:
      'A call may take 5 minutes and is tried 5 times. Look at the way to GitHub; more workers (flags.runnerMaxConcurrentReconciles) keep others going meanwhile.',
    knob: 'flags.runnerMaxConcurrentReconciles',
    weightUs: us,
  };
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
    start >= begin.at.us - 1e6 &&
    start < end.at.us &&
    other.pods === 0 &&
    (next === undefined || next.at.us >= end.at.us)
  );
}

function waitText(reading: Reading, other: RunnerHistory, begin: Seen, end: Seen): string {
  const us = (other.taken ?? end).at.us - Math.max(wayStart(other).at.us, begin.at.us);
  return `${other.name} was not touched for ${spanText(reading, us)}.`;
}

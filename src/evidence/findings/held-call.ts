import { t } from '@vscode/l10n';
import { groupBy } from '../../base/group.ts';
import { wayStart } from '../bursts.ts';
import type { EvidenceLine, Finding, Rule } from '../finding.ts';
import { failedRemovals, heldSteps } from '../held-steps.ts';
import type { LongStep, Reading, ServiceCall } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { ACTIONS_LOCK, LOCK_SINCE, NO_LOCK_UNTIL } from '../../reconciler/releases/actions-lock.ts';
import { releaseGiven } from '../release.ts';
import type { Seen } from '../seen.ts';
import { isJitCall, triesText, troubleOf, type ServiceTrouble } from '../service-trouble.ts';
import { clock, names, spanBetween, spanText } from '../words.ts';
import { adviceForError } from './error-advice.ts';

const LONG_US = 31e6;

/** One call to the Actions service that holds a worker, over or still going on, and who waited meanwhile. */
export const heldCall: Rule = (reading) => {
  const steps = [...heldSteps(reading), ...openSteps(reading)]
    .filter(({ doing }) => doing === 'jit' || doing === 'service')
    .sort((a, b) => lastedUs(reading, b) - lastedUs(reading, a))
    .map((step) => heldStep(reading, step));
  // Calls that have not ended wait for the same, whatever it is: GitHub, or the lock that one of them holds.
  const byCause = groupBy(steps, (step) =>
    step.trouble === undefined ? (step.until === undefined ? step.doing : step) : `${step.doing} ${step.trouble.says}`,
  );
  return [...byCause.values()]
    .slice(0, 5)
    .map((group) => failedCalls(reading, group) ?? finding(reading, group as [HeldStep, ...HeldStep[]]))
    .sort((a, b) => b.weightUs - a.weightUs);
};

/** A step with the client's lines that may be of its call: one, or several where calls went on side by side. */
interface HeldStep extends LongStep {
  readonly calls: readonly ServiceCall[];
  readonly trouble: ServiceTrouble | undefined;
}

function heldStep(reading: Reading, step: LongStep): HeldStep {
  const calls = callsOf(reading, step);
  const failed = calls.find(({ failures }) => failures > 0)?.error ?? '';
  return { ...step, calls, trouble: troubleOf(step.error) ?? troubleOf(failed) };
}

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

/** Steps whose calls failed for the same reason, which the lines name; undefined for one without. */
function failedCalls(reading: Reading, steps: readonly HeldStep[]): Finding | undefined {
  const [step] = steps as readonly [HeldStep, ...HeldStep[]];
  const { trouble, from, runner, doing } = step;
  if (trouble === undefined) return undefined;
  const calls = [...new Set(steps.flatMap((each) => each.calls))].filter(({ failures }) => failures > 0);
  const failures = calls.reduce((sum, call) => sum + call.failures, 0);
  const tries = failures > 0 ? failures : steps.reduce((sum, { error }) => sum + triesOf(error), 0);
  const waitedUs = calls.reduce((sum, call) => sum + call.waitedUs, 0);
  const us = steps.reduce((sum, each) => sum + lastedUs(reading, each), 0);
  const runners = [...new Set(steps.map((each) => each.runner))];
  const kind = doing === 'jit' ? t('JIT call') : t('{0} call', calls[0]?.verb ?? 'DELETE');
  const what = steps.length === 1 ? t('the {0} of {1}', kind, runner.name) : t('{0}s of {1}', kind, names(runners));
  const said = triesText(trouble, tries, what);
  const until = step.until ?? reading.last ?? from;
  const waiting = [...reading.runners.values()].filter(
    (other) => !runners.includes(other) && waited(other, from, until),
  );
  return {
    id: 'held-call',
    severity: 'error',
    sentence:
      steps.length === 1
        ? t('{0}; it held a worker for {1}.', said, spanText(reading, us))
        : t('{0}; they held workers for {1}.', said, spanText(reading, us)),
    asDetail:
      steps.length === 1
        ? t('The call of {0} held a worker for {1}.', runner.name, spanText(reading, us))
        : t('The calls of {0} held workers for {1}.', names(runners), spanText(reading, us)),
    details: [
      ...(waitedUs > 0 ? [t('The client waited {0} in all before it tried again.', spanText(reading, waitedUs))] : []),
      ...waiting.slice(0, 3).map((other) => waitText(reading, other, from, until)),
    ],
    runners: [...runners, ...waiting].map(({ name }) => name),
    evidence: [
      { at: from, says: t('the call begins') },
      ...calls.slice(0, 2).flatMap(({ ended, error }) => (ended === undefined ? [] : [{ at: ended, says: error }])),
      { at: until, says: step.error === '' ? t('the next line of the runner') : step.error },
    ],
    confidence: 'sure',
    advice: adviceForError(step.error === '' ? (calls[0]?.error ?? '') : step.error),
    weightUs: us,
  };
}

/** How often a call was tried, as the error that it ended with says. */
function triesOf(error: string): number {
  return Number(/giving up after (\d+) attempt/.exec(error)?.[1] ?? 1);
}

/** @param steps one, or several that have not ended, the longest first */
function finding(reading: Reading, steps: readonly [HeldStep, ...HeldStep[]]): Finding {
  const [{ runner, doing, from, until, error, calls }] = steps;
  const runners = [...new Set(steps.map((step) => step.runner))];
  const hasLock = releaseGiven(reading)?.hasLock;
  const call = calls.length === 1 && steps.length === 1 ? calls[0] : undefined;
  const begin = call?.started ?? from;
  const end = until ?? reading.last ?? from;
  const us = end.at.us - begin.at.us;
  const waiting = [...reading.runners.values()].filter(
    (other) => !runners.includes(other) && waited(other, begin, end),
  );
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
      runners.length > 1
        ? t(
            '{0} for {1} have held workers for {2}, {3} to {4}',
            doing === 'jit' ? t('JIT calls') : t('Calls to the service'),
            names(runners),
            ...span,
          )
        : until === undefined
          ? t('One {0} for {1} has held a worker for {2}, {3} to {4}', what, runner.name, ...span)
          : call?.isCut === true
            ? t('One {0} for {1} held a worker for at least {2}, {3} to {4}', what, runner.name, ...span)
            : t('One {0} for {1} held a worker for {2}, {3} to {4}', what, runner.name, ...span),
      waiting,
    ),
    details: [
      ...(hasLock === true && runners.length > 1
        ? [
            t(
              'Since ARC {0} (#{1}) one lock is held through each call: at most one of them is at GitHub, and the others wait for it.',
              LOCK_SINCE,
              ACTIONS_LOCK,
            ),
          ]
        : []),
      ...(call === undefined || call.failures === 0 || call.isCut
        ? []
        : [
            t(
              "The client's try failed after {0} and was repeated within the same pass.",
              spanText(reading, (call.ended?.at.us ?? 0) - call.started.at.us),
            ),
          ]),
      ...(call?.isCut === true ? [t('It began before the log does, so that it held the worker for longer.')] : []),
      ...waiting.slice(0, 3).map((other) => waitText(reading, other, begin, end)),
      ...(calls.length === 0 ? [t('The log has no line of the HTTP client, so the call itself is not seen.')] : []),
    ],
    runners: [...runners, ...waiting].map(({ name }) => name),
    evidence,
    confidence: call === undefined ? 'likely' : 'sure',
    advice: adviceFor(hasLock),
    ...(hasLock === true ? {} : { knob: 'flags.runnerMaxConcurrentReconciles' }),
    weightUs: us,
  };
}

/** @param hasLock whether calls run one at a time; undefined where the log does not tell the release */
function adviceFor(hasLock: boolean | undefined): string {
  const wait = t(
    "ARC waits up to 5 minutes for GitHub's reply and tries a call up to 5 times, and the worker does nothing else meanwhile. Check the network path to GitHub (proxy, firewall, DNS).",
  );
  if (hasLock === true) return `${wait} ${t('More workers would not help: they would wait for the same lock.')}`;
  return hasLock === false
    ? `${wait} ${t('With more workers (flags.runnerMaxConcurrentReconciles) other runners go on.')}`
    : `${wait} ${t('Up to ARC {0} other runners go on with more workers (flags.runnerMaxConcurrentReconciles).', NO_LOCK_UNTIL)}`;
}

function withWaiting(held: string, waiting: readonly RunnerHistory[]): string {
  return waiting.length === 0 ? t('{0}.', held) : t('{0}; {1} waited.', held, names(waiting));
}

/** The client's lines of calls that may be this one, by the registration's id, or else by the time. */
function callsOf(reading: Reading, { runner, doing, from, until }: LongStep): ServiceCall[] {
  const endUs = until?.at.us ?? Number.POSITIVE_INFINITY;
  const cut = runner.runnerId === undefined && doing === 'service' ? failedRemovals(reading) : [];
  if (cut.length === 1) return cut;
  return reading.calls.filter(({ started, path, runnerId }) => {
    const isThen = started.at.us >= from.at.us - 1e6 && started.at.us <= endUs;
    return isThen && (doing === 'jit' ? isJitCall(path) : runnerId !== undefined && runnerId === runner.runnerId);
  });
}

/** Whether all that a runner did between the two is wait: it had begun and no line of it came before the end. */
function waited(other: RunnerHistory, begin: Seen, end: Seen): boolean {
  const start = wayStart(other).at.us;
  const next = other.taken;
  const isNext = next === undefined ? !other.hasPod : next.at.us >= end.at.us;
  return start >= begin.at.us - 1e6 && start < end.at.us && isNext;
}

function waitText(reading: Reading, other: RunnerHistory, begin: Seen, end: Seen): string {
  const us = (other.taken ?? end).at.us - Math.max(wayStart(other).at.us, begin.at.us);
  return t('{0} was not touched for {1}.', other.name, spanText(reading, us));
}

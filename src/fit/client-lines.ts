import type { Burst } from '../evidence/bursts.ts';
import type { Doing } from '../evidence/messages.ts';
import type { Reading } from '../evidence/reading.ts';
import type { RunnerHistory } from '../evidence/runner-history.ts';
import type { Seen } from '../evidence/seen.ts';

/** What a worker waits for before a line: a request by its kind of object, or a JIT call, before which a secret is read. */
type Wait = 'nothing' | 'secrets' | 'ephemeralrunners' | 'pods' | 'jit';

/** A line of a burst, and what its worker did before. */
export interface ClientLine {
  readonly us: number;
  /** The line was written at `us` or up to that much later. */
  readonly withinUs: number;
  /** Index of the line after which the worker began to wait; -1 where there is none. */
  readonly from: number;
  readonly wait: Wait;
  readonly isRead: boolean;
  /** Whether `from` is a guess: its pass has no line before this one. */
  readonly isGuessed: boolean;
  /** Whether a pass begins with it: its runner has waited in the queue, nobody knows for how long. */
  readonly isFirst: boolean;
}

interface What extends Pick<ClientLine, 'wait' | 'isRead'> {
  /** Whether the line before is of the same pass, there is none, there is none and a secret was read before, or it is another's. */
  readonly begins: 'line' | 'pass' | 'read' | 'other';
}

interface Found extends What {
  readonly seen: Seen;
  readonly runner: number;
  readonly endsPass: boolean;
}

/** In place of a runner's number: the set makes them one after the other. */
const SET = -1;
const AT_ONCE: What = { begins: 'line', wait: 'nothing', isRead: false };
const PASS: What = { begins: 'pass', wait: 'nothing', isRead: false };
const READ_FIRST: What = { begins: 'read', wait: 'secrets', isRead: true };
const READ: What = { begins: 'line', wait: 'secrets', isRead: true };
const WRITE_SECRET: What = { begins: 'line', wait: 'secrets', isRead: false };
const WRITE_RUNNER: What = { begins: 'line', wait: 'ephemeralrunners', isRead: false };
const OTHERS: What = { begins: 'other', wait: 'nothing', isRead: false };
const CREATE_POD: What = { begins: 'line', wait: 'pods', isRead: false };
const JIT: What = { begins: 'line', wait: 'jit', isRead: true };

/**
 * The lines of a burst's runners in the order in which they were written, with those of their set.
 * @param isOneStep whether a pass ends with each step, as before pull request 3831
 */
export function clientLines(
  { runners, waiting, start, lastPod }: Burst,
  { scaleUps }: Pick<Reading, 'scaleUps'>,
  isOneStep: boolean,
): ClientLine[] {
  const direction = start.source === lastPod.source && start.line > lastPod.line ? -1 : 1;
  const ofSet = scaleUps.filter(({ at }) => start.at.us <= at.us && at.us <= lastPod.at.us);
  const found: Found[] = [
    ...ofSet.map((seen) => ({ ...OTHERS, seen, runner: SET, endsPass: false })),
    ...[...runners, ...waiting].flatMap((history, runner) => linesOf(history, runner, isOneStep)),
  ].sort(({ seen: a }, { seen: b }) => a.at.us - b.at.us || direction * (a.line - b.line));
  const last = new Map<number, number>();
  /** Lines with which a worker became free, and at once began a pass that has no line yet. */
  const freed: number[] = [];
  return found.map(({ seen, runner, begins, endsPass, wait, isRead }, index) => {
    const before = last.get(runner) ?? -1;
    last.set(runner, index);
    const isFirst = begins === 'pass' || begins === 'other';
    const [isGuessed, worker] =
      begins === 'read' ? [true, freed.shift() ?? -1] : [false, begins === 'pass' ? freed.pop() : undefined];
    if (endsPass) freed.push(index);
    const from = isGuessed ? Math.max(before, worker ?? -1) : before;
    return { us: seen.at.us, withinUs: seen.at.withinUs, from, wait, isRead, isGuessed, isFirst };
  });
}

function linesOf({ steps, milestones }: RunnerHistory, runner: number, isOneStep: boolean): Found[] {
  const created = milestones.get('created');
  const isSetsLine = created !== undefined && steps[0]?.line === created.line && steps[0].doing === 'queue';
  const own = steps.map((step, index): Found => {
    const what = whatBefore(step.doing, steps[index - 1]?.doing, steps[index - 2]?.doing, isOneStep);
    return { ...what, seen: step, runner, endsPass: endsPass(step.doing, isOneStep) };
  });
  return created === undefined
    ? own
    : [{ ...WRITE_RUNNER, seen: created, runner: SET, endsPass: false }, ...own.slice(isSetsLine ? 1 : 0)];
}

function endsPass(doing: Doing, isOneStep: boolean): boolean {
  if (doing === 'registered' || doing === 'secret made') return isOneStep;
  return doing === 'queue' || doing === 'rest' || doing === 'back-off';
}

/** What was done before a line, by what it and the two lines before begin: releases log different lines for the same. */
function whatBefore(now: Doing, before: Doing | undefined, previous: Doing | undefined, isOneStep: boolean): What {
  switch (before) {
    case 'runners':
      // Since 0.13.0 the secret is made before the status is written.
      return previous === 'jit' && now === 'secrets' ? AT_ONCE : WRITE_RUNNER;
    case 'secrets':
      if (now === 'jit') return previous === 'runners' ? READ : AT_ONCE;
      return now === 'rest' ? READ : WRITE_SECRET;
    case 'jit':
      return JIT;
    case 'registered':
      return isOneStep ? READ_FIRST : READ;
    case 'secret made':
      if (now !== 'pods') return AT_ONCE;
      return isOneStep ? READ_FIRST : READ;
    case 'pods':
      return CREATE_POD;
    case 'queue':
    case 'rest':
    case 'back-off':
    case 'service':
    case undefined:
      return now === 'jit' || now === 'rest' ? READ_FIRST : PASS;
  }
}

import { objectField, textField } from './fields.ts';
import type { FileLine } from './file-order.ts';
import { JIT_BEGIN, JIT_END } from './filtered.ts';
import type { LogRecord } from './log-record.ts';
import { RUNNER_MESSAGES } from './messages.ts';

/** Lines that end a step, each with the one that begins it: every release writes both. */
const BEGUN_BY: ReadonlyMap<string, string> = new Map([
  [JIT_END, JIT_BEGIN],
  ['Created ephemeral runner secret', 'Created new secret spec for ephemeral runner'],
  ['Created ephemeral runner pod', 'Created new pod spec for ephemeral runner'],
]);
const BEGINNINGS: ReadonlySet<string> = new Set(BEGUN_BY.values());

/** Steps that have begun and not ended. */
export class OpenSteps {
  readonly #open = new Set<string>();

  /** Whether a line of a second that ends a step stands before the one that begins it: none was written so. */
  endBeforeTheyBegin(second: readonly FileLine[]): boolean {
    let isFound = false;
    let ended: Set<string> | undefined;
    for (const { record } of second) {
      const { message, fields } = record;
      const begin = BEGUN_BY.get(message);
      if (begin === undefined && !BEGINNINGS.has(message)) continue;
      // Both name the runner first; what comes after differs.
      const step = `${begin ?? message} ${fields.slice(0, fields.indexOf('}'))}`;
      if (begin !== undefined) {
        if (!this.#open.delete(step)) (ended ??= new Set()).add(step);
      } else if (ended?.has(step) === true) isFound = true;
      else this.#open.add(step);
    }
    return isFound;
  }
}

/** What a process says of its start comes before the lines of its work, and of its end after them. */
const PROCESS_LOGGERS: ReadonlySet<string> = new Set(['', 'setup', 'klog']);
const ENDS = /^(?:Shutdown signal received|Stopping and waiting for)/;

/** The messages of a runner's life in their order; others come where it is cleaned up. */
const PLACES: ReadonlyMap<string, number> = new Map(
  [...RUNNER_MESSAGES.keys()].map((message, place) => [message, place]),
);
const ELSEWHERE = PLACES.get('Cleaning up the runner pod') as number;

/**
 * Lines of one second in an order in which they can have been written: a process starts before it works, a set makes runners
 * before they are touched, and each runner goes through its life. Steps of different runners overlap no more than they must.
 */
export function inOrderOfLives(second: readonly FileLine[]): FileLine[] {
  const parts: Record<'start' | 'others' | 'end', FileLine[]> = { start: [], others: [], end: [] };
  const runners = new Map<string, FileLine[]>();
  for (const line of second) {
    const runner = runnerOf(line.record);
    const lines = runner === undefined ? undefined : runners.get(runner);
    if (lines !== undefined) lines.push(line);
    else if (runner !== undefined) runners.set(runner, [line]);
    else parts[partOf(line.record)].push(line);
  }
  const lives = [...runners.values()].map((lines) => lines.sort((a, b) => placeOf(a.record) - placeOf(b.record)));
  // A step that began in an earlier second ends first, one that goes on into the next begins last.
  lives.sort((a, b) => overhang(a) - overhang(b));
  return [...parts.start, ...parts.others, ...lives.flat(), ...parts.end];
}

function partOf({ logger, message }: LogRecord): 'start' | 'others' | 'end' {
  if (!PROCESS_LOGGERS.has(logger)) return 'others';
  return ENDS.test(message) ? 'end' : 'start';
}

/** Namespace and name of the runner that a line is about, one with which a pass of it ends as well. */
function runnerOf({ logger, message, fields }: LogRecord): string | undefined {
  const isEnd = message === 'Reconciler error' && textField(fields, 'controller') === 'ephemeralrunner';
  if (!isEnd && logger !== 'EphemeralRunner') return undefined;
  const runner = objectField(fields, isEnd ? 'EphemeralRunner' : 'ephemeralrunner');
  return runner === undefined ? undefined : `${runner.namespace}/${runner.name}`;
}

function placeOf({ logger, message }: LogRecord): number {
  return logger === 'EphemeralRunner' ? (PLACES.get(message) ?? ELSEWHERE) : PLACES.size;
}

/** How many steps begin in lines and do not end there, less those that end and do not begin. */
function overhang(lines: readonly FileLine[]): number {
  return lines.reduce(
    (open, { record: { message } }) => open + Number(message === JIT_BEGIN) - Number(message === JIT_END),
    0,
  );
}

import type { PassEvent } from '../trace/model.ts';
import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A pass is looked for among this many of the latest events. */
const LOOK_BACK = 50_000;

/** A pass and the number of its event in the trace. */
interface FoundPass {
  readonly pass: PassEvent;
  readonly index: number;
}

/** The runner's passes, the latest first. */
export function* latestPasses(trace: TraceLog, runner: string): Generator<FoundPass, undefined> {
  const { passes, strings } = trace.rows;
  const wanted = strings.find(runner);
  for (let index = trace.length - 1; index >= Math.max(0, trace.length - LOOK_BACK); index--) {
    const pass = trace.passAt(index);
    if (pass === NONE || passes.object.get(pass) !== wanted || !trace.rows.isOfRunner(pass)) continue;
    yield { pass: trace.rows.pass(pass), index };
  }
  return undefined;
}

/** The latest passes of a runner that all ended in the same way without getting further. */
export interface Rounds {
  readonly times: number;
  /** When the first of them ended. */
  readonly sinceUs: number;
  /** What each of them was told: the answer to a refused request, or its error. */
  readonly answer: string;
  /** Whether it was the Actions service that refused. */
  readonly byService: boolean;
}

/** @returns undefined where the last pass got somewhere */
export function roundsOf(passes: Iterable<FoundPass>): Rounds | undefined {
  let rounds: Rounds | undefined;
  let kind = '';
  for (const { pass } of passes) {
    const refused = pass.requests?.findLast(({ message }) => message !== undefined);
    if (pass.result === 'done' || ((pass.error ?? null) === null && refused === undefined)) break;
    const itsKind = JSON.stringify([pass.result, refused?.verb, refused?.resource, refused?.status]);
    if (rounds !== undefined && itsKind !== kind) break;
    kind = itsKind;
    rounds = {
      times: (rounds?.times ?? 0) + 1,
      sinceUs: pass.ended,
      answer: rounds?.answer ?? refused?.message ?? pass.error ?? '',
      byService: refused?.to === 'actions',
    };
  }
  return rounds;
}

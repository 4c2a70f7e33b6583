import { t } from '@vscode/l10n';
import { RUNNER_KIND, type ObjectEvent } from '../trace/model.ts';
import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { isCommonWait } from '../trace/why.ts';
import { codeWords } from '../problems/code-words.ts';
import { isBetweenPods, podProblem, problemSentence } from '../problems/pod-problem.ts';

/** A runner that got stuck, or has recovered, in one line. */
interface StuckLine {
  readonly runner: string;
  readonly text: string;
  readonly isStuck: boolean;
}

/** Reports once when a runner gets stuck, with cause and remedy, and once when it has recovered. */
export class StuckRunners {
  readonly #trace: TraceLog;
  /** By runner: the word of what is wrong with it. */
  readonly #stuck = new Map<string, string>();
  /** Runners whose pods are in a wait that every pod passes through, and may be in it for long. */
  readonly #waiting = new Set<string>();
  #read = 0;

  constructor(trace: TraceLog) {
    this.#trace = trace;
  }

  /** What is new since the last look. */
  *look(nowUs: number): Generator<StuckLine> {
    for (; this.#read < this.#trace.length; this.#read++) {
      const row = this.#trace.objectAt(this.#read);
      if (row === NONE) continue;
      const event = this.#trace.rows.object(row);
      if (event.kind === RUNNER_KIND) yield* this.#linesOf(event, event.at);
    }
    for (const runner of [...this.#waiting]) {
      const event = this.#trace.lastRunnerEvent(runner);
      if (event !== undefined) yield* this.#linesOf(event, nowUs);
    }
  }

  *#linesOf(event: ObjectEvent, nowUs: number): Generator<StuckLine> {
    const { object: runner, trouble, deleted = false } = event;
    const seen = deleted ? undefined : podProblem(event, nowUs, this.#trace.header);
    const isBetween = seen !== undefined && isBetweenPods(seen, event.at, nowUs);
    const problem = isBetween ? undefined : seen;
    const isWait = isBetween || (trouble !== undefined && (isCommonWait(trouble) || trouble.due !== undefined));
    if (!deleted && problem === undefined && isWait) this.#waiting.add(runner);
    else this.#waiting.delete(runner);
    const before = this.#stuck.get(runner);
    if (problem === undefined) {
      // A pod that is gone, or waits as every pod does, is not yet one that runs.
      const isWell = deleted || (!isBetween && event.pod !== 'deleted' && trouble === undefined);
      if (before === undefined || !isWell) return;
      this.#stuck.delete(runner);
      yield {
        runner,
        isStuck: false,
        text: deleted ? t('gone, after {0}', codeWords(before)) : t('recovered after {0}', codeWords(before)),
      };
      return;
    }
    if (before === problem.code) return;
    this.#stuck.set(runner, problem.code);
    const since = { ...problem, sinceUs: undefined };
    yield { runner, isStuck: true, text: `${problemSentence(since, nowUs)} ${problem.next} ${problem.advice}` };
  }
}

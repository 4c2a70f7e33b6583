import { milestonesOf } from '../analysis/milestones.ts';
import { inWords } from '../base/count-words.ts';
import { codeWords } from '../problems/code-words.ts';
import { isBetweenPods, podProblem, type PodProblem } from '../problems/pod-problem.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** Runners whose pods have never run, for reasons that last. */
export interface UnstartedPods {
  readonly runners: number;
  /** Their codes in words, the most frequent first. */
  readonly reasons: string;
  /** What most of them have, of the runner that has it longest. */
  readonly problem: PodProblem;
  /** When the first of them began to wait, in the trace's time; undefined where that is not known. */
  readonly sinceUs: number | undefined;
}

/** @param nowUs the trace's time: a wait that every pod passes through becomes a trouble when it lasts */
export function unstartedPods(trace: TraceLog, nowUs: number): UnstartedPods | undefined {
  const milestones = milestonesOf(trace);
  const byCode = new Map<string, PodProblem[]>();
  for (const [runner, event] of trace.lastRunnerEvents()) {
    if (event.deleted === true || milestones.get(runner)?.running !== undefined) continue;
    const problem = podProblem(event, nowUs, trace.header);
    // A pod that has failed is replaced by another.
    const isReplaced = event.trouble?.ended === true && event.trouble.overlooked !== true;
    if (problem === undefined || isReplaced || isBetweenPods(problem, event.at, nowUs)) continue;
    const alike = byCode.get(problem.code) ?? [];
    byCode.set(problem.code, [...alike, problem]);
  }
  const groups = [...byCode.values()].sort((a, b) => b.length - a.length);
  const since = groups.flat().flatMap(({ sinceUs }) => sinceUs ?? []);
  const problem = groups[0]?.reduce((a, b) => ((b.sinceUs ?? Infinity) < (a.sinceUs ?? Infinity) ? b : a));
  if (problem === undefined) return undefined;
  return {
    runners: groups.flat().length,
    reasons: inWords(groups.flatMap(([one]) => (one === undefined ? [] : [codeWords(one.code)]))),
    problem,
    sinceUs: since.length === 0 ? undefined : Math.min(...since),
  };
}

import { inWords } from '../base/count-words.ts';
import { RUNNER_KIND, type PodTrouble } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** Runners whose pods failed. */
export interface PodFailures {
  readonly runners: number;
  /** The most frequent first. */
  readonly reasons: string;
  /** All with the code by which a runner says that GitHub does not take its version any more. */
  readonly isOutdated: boolean;
  /** When the first of them failed, in the trace's time. */
  readonly firstUs: number;
}

const OUTDATED = 'exit 7';

/**
 * @param reasonOf what to call why a pod failed
 * @returns undefined where none did
 */
export function podFailures(
  { rows: { objects, words, whys } }: TraceLog,
  reasonOf: (trouble: PodTrouble) => string,
): PodFailures | undefined {
  const runners = new Set<number>();
  const reasons = new Map<string, number>();
  let isOutdated = true;
  let firstUs = Infinity;
  for (let row = 0; row < objects.object.length; row++) {
    const trouble = whys[objects.why.get(row)]?.trouble;
    if (trouble?.ended !== true || words.textOf(objects.kind.get(row)) !== RUNNER_KIND) continue;
    runners.add(objects.object.get(row));
    const reason = reasonOf(trouble);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    isOutdated &&= trouble.code === OUTDATED;
    firstUs = Math.min(firstUs, objects.span.startedUs(row));
  }
  if (runners.size === 0) return undefined;
  const sorted = [...reasons].sort(([, a], [, b]) => b - a).map(([reason]) => reason);
  return { runners: runners.size, reasons: inWords(sorted), isOutdated, firstUs };
}

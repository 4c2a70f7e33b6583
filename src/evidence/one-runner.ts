import type { Reading } from './reading.ts';

/**
 * Whether a log may be what a search for a runner's name left: no line is about another runner, the set's counts, calls or
 * the controller itself. What the workers did meanwhile is in none of its lines.
 */
export function isAboutOne({ runners, sets, processes, calls, lastRunnerLine, isLive }: Reading): boolean {
  if (runners.size !== 1 || calls.length > 0 || lastRunnerLine === undefined || isLive) return false;
  const isCounted = [...sets.values()].some(({ compared, counts }) => compared !== undefined || counts !== undefined);
  return !isCounted && processes.every(({ start, workers }) => start === undefined && workers === undefined);
}

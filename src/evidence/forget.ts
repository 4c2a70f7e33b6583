import type { Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Repeated, Seen } from './seen.ts';

/**
 * Forgets what is older, so that a log that is read for days does not fill the memory. What goes on stays: runners with a
 * call in flight, the controller that runs, the last of everything that there is one of.
 * @param beforeUs microseconds since 1970
 */
export function forget(reading: Reading, beforeUs: number): void {
  const isOld = (seen: Seen | undefined): boolean => seen === undefined || seen.at.us < beforeUs;
  const isOver = ({ last }: Repeated): boolean => isOld(last);
  reading.runners.forget((runner) => runner.lastUs < beforeUs && !isAsking(runner));
  remove(
    reading.sets,
    ({ compared, counts, outdated }) => isOld(compared) && isOld(counts?.at) && isOld(outdated?.last),
  );
  remove(reading.otherErrors, ({ kinds }) => [...kinds].every(isOver));
  remove(reading.reportedErrors, isOver);
  remove(reading.deletionWaits, isOver);
  remove(reading.listenersMade, isOver);
  remove(reading.listenersRemade, isOver);
  remove(reading.unregistered, isOver);
  remove(reading.listenersNotReady, isOver);
  // What is deleted and not back stays so, however long ago it was.
  remove(reading.versionDeletions, ({ back }) => back !== undefined && isOld(back));
  remove(reading.listenerWaits, ({ said }) => isOver(said));
  remove(reading.failedLists, isOver);
  remove(reading.listenerEnds, isOver);
  remove(reading.metrics, ({ seen }) => isOld(seen));
  for (const seconds of [...Object.values(reading.requests), ...Object.values(reading.audited), reading.linesAbove]) {
    for (const second of seconds.keys()) if (second * 1e6 < beforeUs) seconds.delete(second);
  }
  keepIf(reading.scaleUps, (scaleUp) => !isOld(scaleUp));
  keepIf(reading.calls, ({ started, ended }) => !isOld(ended ?? started));
  keepIf(reading.longSteps, ({ until }) => !isOld(until));
  keepIf(reading.scaleSetCalls, ({ until }) => until === undefined || !isOld(until));
  for (const runner of reading.nameHolders.keys()) if (runner.lastUs < beforeUs) reading.nameHolders.delete(runner);
  keepIf(reading.silences, ({ until }) => !isOld(until));
  keepIf(reading.holes, ({ until }) => !isOld(until));
  keepIf(reading.processEvents, ({ at }) => !isOld(at));
  keepIf(reading.processes, (process) => process === reading.process || !isOld(process.lastRunnerLine));
  if (reading.first !== undefined && isOld(reading.first)) {
    reading.first = { ...reading.first, at: { us: beforeUs, withinUs: 0 } };
  }
}

function isAsking({ open }: RunnerHistory): boolean {
  return open !== undefined && open.doing !== 'rest' && open.doing !== 'queue';
}

function remove<T>(map: Map<string, T>, isGone: (value: T) => boolean): void {
  for (const [key, value] of map) if (isGone(value)) map.delete(key);
}

function keepIf<T>(list: T[], isKept: (value: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(isKept));
}

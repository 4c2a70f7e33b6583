import type { SlowBurst } from './burst-cause.ts';
import type { EvidenceLine, Finding } from './finding.ts';

/** A finding on a slow burst concerns all of its runners and weighs as much as its last pod took. */
export function burstFinding(
  { burst, waitUs }: SlowBurst,
  rest: Omit<Finding, 'severity' | 'runners' | 'weightUs'>,
): Finding {
  return { ...rest, severity: 'error', runners: burst.runners.map(({ name }) => name), weightUs: waitUs };
}

/** The first line of a burst, the lines given, and the line of its last pod. */
export function fromStartToLastPod({ burst }: SlowBurst, ...between: EvidenceLine[]): EvidenceLine[] {
  const start = burst.isCut ? 'the log begins in the middle of the burst' : 'the burst begins';
  return [{ at: burst.start, says: start }, ...between, { at: burst.lastPod, says: 'the last pod is made' }];
}

/** What to add where the number of workers is what was seen, not what the controller said. */
export function workersSeen({ workers, isWorkersKnown }: SlowBurst): string[] {
  if (isWorkersKnown) return [];
  return [
    `The log does not say how many workers there are; ${workers} ${workers === 1 ? 'was' : 'were'} seen at once.`,
  ];
}

import type { SlowBurst } from './burst-cause.ts';
import { formatAge } from '../base/duration.ts';
import { durationUs, type Burst } from './bursts.ts';
import type { EvidenceLine, Finding } from './finding.ts';
import { meanText } from './words.ts';

/** A finding on a slow burst concerns all of its runners and weighs as much as its last pod took. */
export function burstFinding(
  slow: SlowBurst,
  rest: Omit<Finding, 'severity' | 'runners' | 'burst' | 'weightUs'>,
): Finding {
  const { burst, waitUs } = slow;
  const { runners, waiting } = burst;
  const pace = stillToCome(burst);
  return {
    ...rest,
    severity: 'error',
    details: [
      ...(waiting.length === 0 ? [] : [`The log ends before the burst does${pace === undefined ? '' : `: ${pace}`}.`]),
      ...rest.details,
    ],
    runners: [...runners, ...waiting].map(({ name }) => name),
    burst: slow,
    weightUs: waitUs,
  };
}

/** Fewer pods than this have no pace, where clocks have whole seconds. */
const PACED = 5;

/** How fast pods came in a burst that has no end in the log, and how long the others need so; undefined for a few pods. */
export function stillToCome(burst: Burst): string | undefined {
  const pods = burst.runners.length;
  if (pods < PACED) return undefined;
  const everyUs = durationUs(burst) / pods;
  const rest = burst.isStartCreation
    ? `so the others need about ${formatAge(Math.max(1e6, everyUs * burst.waiting.length))} more`
    : 'and runners that no line names yet may wait as well';
  return `one pod came every ${meanText(everyUs)}, ${rest}`;
}

/** The first line of a burst, the lines given, and the line of its last pod. */
export function fromStartToLastPod({ burst }: SlowBurst, ...between: EvidenceLine[]): EvidenceLine[] {
  const start = burst.isCut ? 'the log begins in the middle of the burst' : 'the burst begins';
  return [{ at: burst.start, says: start }, ...between, { at: burst.lastPod, says: lastPodSays(burst) }];
}

export function lastPodSays({ waiting }: Burst): string {
  return waiting.length === 0 ? 'the last pod is made' : 'the last pod that the log shows is made';
}

/** What to add where the number of workers is what was seen, not what the controller said. */
export function workersSeen({ workers, isWorkersKnown }: SlowBurst): string[] {
  if (isWorkersKnown) return [];
  return [
    `The log does not say how many workers there are; ${workers} ${workers === 1 ? 'was' : 'were'} seen at once.`,
  ];
}

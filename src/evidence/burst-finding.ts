import { t } from '@vscode/l10n';
import { counted } from '../base/count-words.ts';
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
      ...(waiting.length === 0
        ? []
        : [
            pace === undefined
              ? t('The log ends before the burst does.')
              : t('The log ends before the burst does: {0}.', pace),
          ]),
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
  const every = meanText(everyUs, burst.waiting.length);
  return burst.isStartCreation
    ? t('one pod came every {0}, so the others need about {1} more', every, restText(everyUs * burst.waiting.length))
    : t('one pod came every {0}, and runners that no line names yet may wait as well', every);
}

function restText(us: number): string {
  return formatAge(Math.max(1e6, us));
}

/** The first line of a burst, the lines given, and the line of its last pod. */
export function fromStartToLastPod({ burst }: SlowBurst, ...between: EvidenceLine[]): EvidenceLine[] {
  const start = burst.isCut ? t('the log begins in the middle of the burst') : t('the burst begins');
  return [{ at: burst.start, says: start }, ...between, { at: burst.lastPod, says: lastPodSays(burst) }];
}

export function lastPodSays({ waiting }: Burst): string {
  return waiting.length === 0 ? t('the last pod is made') : t('the last pod that the log shows is made');
}

/** What to add where the number of workers is what was seen, not what the controller said. */
export function workersSeen({ workers, isWorkersKnown }: SlowBurst): string[] {
  if (isWorkersKnown) return [];
  return [
    counted(
      workers,
      t('The log does not say how many workers there are; 1 was seen at once.'),
      t('The log does not say how many workers there are; {0} were seen at once.', workers),
    ),
  ];
}

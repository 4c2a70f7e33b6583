import { partsOf } from './bursts.ts';
import type { SlowBurst } from './burst-cause.ts';
import type { Doing, Milestone } from './messages.ts';
import { formatUs } from './moment.ts';
import type { RunnerHistory, Seen } from './reading.ts';

export const MILESTONES: readonly Milestone[] = [
  'created',
  'registered',
  'secret',
  'podCreated',
  'scheduled',
  'running',
  'jobAssigned',
  'jobStarted',
  'finished',
  'deleted',
  'gone',
];

/** What a part of a runner's wait is put down to. */
type Cause = 'worker busy' | 'actions lock' | 'actions service' | 'kubernetes' | 'back-off';

export interface MilestoneTime {
  /** RFC 3339 with microseconds. */
  readonly at: string;
  /** The end of the interval, where the clock is coarser than a microsecond. */
  readonly until?: string;
}

export interface RunnerAnswer {
  readonly name: string;
  readonly namespace: string;
  /** Whether the log begins in the middle of its life. */
  readonly startsInLife: boolean;
  readonly milestones: Partial<Readonly<Record<Milestone, MilestoneTime>>>;
  /** From its creation, or its first line, to its pod; the parts sum to that exactly. */
  readonly path: readonly { readonly cause: Cause; readonly us: number; readonly evidence: readonly string[] }[];
  readonly evidence: Partial<Readonly<Record<Milestone, string>>>;
}

export function runnerAnswer(
  runner: RunnerHistory,
  slow: SlowBurst | undefined,
  isSampled: boolean,
  lineName: (seen: Seen) => string,
): RunnerAnswer {
  const milestones: Partial<Record<Milestone, MilestoneTime>> = {};
  const evidence: Partial<Record<Milestone, string>> = {};
  for (const milestone of MILESTONES) {
    const seen = runner.milestones.get(milestone);
    if (seen === undefined) continue;
    milestones[milestone] = timeOf(seen);
    evidence[milestone] = lineName(seen);
  }
  const isOneStepAPass = slow?.cause === 'registrations first';
  const lockedFromUs = slow?.cause === 'actions lock' ? slow.jitEveryUs : Number.POSITIVE_INFINITY;
  const path: { cause: Cause; us: number; evidence: string[] }[] = [];
  const add = (cause: Cause, us: number, lines: string[]): void => {
    const last = path.at(-1);
    if (us === 0) return;
    if (last?.cause === cause) {
      last.us += us;
      last.evidence = [last.evidence[0] as string, lines.at(-1) as string];
    } else path.push({ cause, us, evidence: lines });
  };
  for (const { doing, us, from, until } of runner.startsInLife || isSampled ? [] : partsOf(runner)) {
    const lines = [lineName(from), lineName(until)];
    if (doing === 'jit' && us > lockedFromUs) {
      const ownUs = Math.round(lockedFromUs);
      add('actions lock', us - ownUs, lines);
      add('actions service', ownUs, lines);
    } else add(causeOf(doing, isOneStepAPass), us, lines);
  }
  return {
    name: runner.name,
    namespace: runner.namespace,
    startsInLife: runner.startsInLife,
    milestones,
    path,
    evidence,
  };
}

function timeOf({ at }: Seen): MilestoneTime {
  return at.withinUs === 0
    ? { at: formatUs(at.us) }
    : { at: formatUs(at.us), until: formatUs(at.us + at.withinUs + 1) };
}

function causeOf(doing: Doing, isOneStepAPass: boolean): Cause {
  switch (doing) {
    case 'queue':
    case 'rest':
      return 'worker busy';
    case 'registered':
    case 'secret made':
      return isOneStepAPass ? 'worker busy' : 'kubernetes';
    case 'jit':
    case 'service':
      return 'actions service';
    case 'back-off':
      return 'back-off';
    case 'runners':
    case 'secrets':
    case 'pods':
      return 'kubernetes';
  }
}

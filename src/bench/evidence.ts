import { lifecycleOf, type Lifecycle } from '../analysis/lifecycle.ts';
import { wasteOf } from '../analysis/waste/all.ts';
import type { Waste } from '../analysis/waste/waste.ts';
import { clockStepUs, isRead } from '../trace/header.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { MeasureId } from './measures.ts';

/** What a trace, or a log of a real controller, shows of the same measures. */
export interface BenchEvidence {
  readonly name: string;
  readonly release: string | undefined;
  /** Whether it was put together from lines, which do not show every request. */
  readonly isFromLines: boolean;
  readonly runners: number;
  /** The steps of its clock, in microseconds; 0 where its times are exact. */
  readonly clockUs: number;
  readonly figures: Pick<Lifecycle, MeasureId>;
  readonly waste: readonly Waste[];
}

export function benchEvidence(name: string, trace: TraceLog): BenchEvidence {
  const { runners, ...figures } = lifecycleOf(trace);
  return {
    name,
    release: trace.header.release,
    isFromLines: isRead(trace.header),
    runners,
    clockUs: clockStepUs(trace.header),
    figures,
    waste: wasteOf(trace),
  };
}

import type { TraceLog } from '../trace/trace-log.ts';

/** A time in which what the cluster did could not be seen; it has no end (null) while that lasts. Microseconds of the trace. */
export interface BlindTime {
  readonly fromUs: number;
  readonly toUs: number | null;
}

/** @param sinceUs since when the cluster cannot be seen; undefined where it can */
export function blindTimes({ marks }: TraceLog, sinceUs?: number): BlindTime[] {
  const over = marks.flatMap(({ what, at, until }) =>
    what === 'gap' && until !== undefined ? [{ fromUs: at, toUs: until }] : [],
  );
  return sinceUs === undefined ? over : [...over, { fromUs: sinceUs, toUs: null }];
}

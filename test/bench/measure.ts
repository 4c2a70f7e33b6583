/** Medians of five, and what a peer made in the same run. */
export const RUNS = 5;

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Median time of one operation in nanoseconds, after a run that warms up. */
export function nanosecondsPerOperation(count: number, run: (count: number) => void): number {
  run(Math.ceil(count / 4));
  return median(
    Array.from({ length: RUNS }, () => {
      const started = performance.now();
      run(count);
      return ((performance.now() - started) * 1e6) / count;
    }),
  );
}

export interface Row {
  readonly what: string;
  readonly ours: string;
  /** What the peer is and made, or why there is none. */
  readonly peer: string;
  readonly aim: string;
}

/** At least so large a part of the values is not above it. */
export function percentile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;
}

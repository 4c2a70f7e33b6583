import { addTo } from '../base/group.ts';
import type { BarStore } from './bar-store.ts';
import { BarKind, isPassKind, isRequestKind } from './bars.ts';
import type { RequestTarget } from './feed-names.ts';

/** Figures of what a stretch of time shows. Times are microseconds. */
export interface WindowStatistics {
  readonly passes: number;
  readonly failedPasses: number;
  readonly requests: number;
  readonly p50PassUs: number;
  readonly p95PassUs: number;
  /** Where the runners' time went, in parts of the sum of all of them; a request to an unknown receiver is in none. */
  readonly shares: Readonly<Record<Cause, number>>;
  /** Duration of each phase by its word: how many, p50 and p95. */
  readonly phases: readonly PhaseStatistics[];
}

export type Cause = 'worker' | 'backoff' | 'retry' | 'limiter' | 'kubernetes' | 'actions';

interface PhaseStatistics {
  readonly word: number;
  readonly count: number;
  readonly p50Us: number;
  readonly p95Us: number;
}

/**
 * Statistics of the bars of the lanes that end in the span; their parts before it count in full.
 * @param targets by word that names requests: who gets these
 */
export function windowStatistics(
  store: BarStore,
  lanes: ArrayLike<number>,
  targets: ReadonlyMap<number, RequestTarget>,
  fromUs: number,
  toUs: number,
): WindowStatistics {
  const passUs: number[] = [];
  const phaseUs = new Map<number, number[]>();
  const sums: Record<Cause, number> = { worker: 0, backoff: 0, retry: 0, limiter: 0, kubernetes: 0, actions: 0 };
  let requests = 0;
  let failedPasses = 0;
  for (let index = 0; index < lanes.length; index++) {
    store.forEachEnded(lanes[index] as number, fromUs, toUs, (kind, lengthUs, detail) => {
      if (isPassKind(kind)) {
        passUs.push(lengthUs);
        if (kind === BarKind.passFailed) failedPasses++;
      } else if (kind === BarKind.phaseEven || kind === BarKind.phaseOdd) {
        addTo(phaseUs, detail, lengthUs);
      } else if (kind === BarKind.queued) sums.worker += lengthUs;
      else if (kind === BarKind.backoff) sums.backoff += lengthUs;
      else if (kind === BarKind.retryWait) sums.retry += lengthUs;
      else if (kind === BarKind.throttled) sums.limiter += lengthUs;
      else if (isRequestKind(kind)) {
        const to = targets.get(detail);
        if (to !== undefined) sums[to] += lengthUs;
        requests++;
      }
    });
  }
  const total = Math.max(
    1,
    Object.values(sums).reduce((sum, us) => sum + us, 0),
  );
  const shares = { ...sums };
  for (const cause of Object.keys(shares) as Cause[]) shares[cause] /= total;
  const [p50PassUs, p95PassUs] = quantiles(passUs);
  const phases = [...phaseUs].map(([word, lengths]) => {
    const [p50Us, p95Us] = quantiles(lengths);
    return { word, count: lengths.length, p50Us, p95Us };
  });
  return { passes: passUs.length, failedPasses, requests, p50PassUs, p95PassUs, shares, phases };
}

function quantiles(values: number[]): [p50: number, p95: number] {
  const sorted = Float64Array.from(values).sort();
  const at = (fraction: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0;
  return [at(0.5), at(0.95)];
}

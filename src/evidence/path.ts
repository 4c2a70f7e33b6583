import { hasOneStepAPass, type BurstCause, type SlowBurst } from './burst-cause.ts';
import { partsOf } from './bursts.ts';
import type { Doing } from './messages.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Seen } from './seen.ts';

/** What a part of a runner's wait is put down to. */
type Cause = 'worker busy' | 'actions lock' | 'actions service' | 'kubernetes' | 'back-off';

type HeldBy =
  | "the Kubernetes client's limit"
  | 'the lock of the Actions client'
  | 'JIT calls of other runners'
  | 'slow JIT calls'
  | 'slow requests to Kubernetes';

/** One part of a runner's wait; all times in microseconds. */
export interface PathPart {
  readonly cause: Cause;
  /** What it is that held the worker, or the request, where the whole burst shows it. */
  readonly heldBy?: HeldBy;
  /** By the stamps of its lines. */
  readonly us: number;
  /** What it took lies between the two, as stamps are no finer than their clock. */
  readonly leastUs: number;
  readonly mostUs: number;
  readonly evidence: readonly string[];
}

/** What a burst's cause holds. */
const HELD_BY: Partial<Readonly<Record<BurstCause, { readonly by: HeldBy; readonly causes: readonly Cause[] }>>> = {
  'client limit': { by: "the Kubernetes client's limit", causes: ['worker busy', 'kubernetes'] },
  'actions lock': { by: 'the lock of the Actions client', causes: ['worker busy'] },
  'lock or workers': { by: 'JIT calls of other runners', causes: ['worker busy'] },
  'workers busy': { by: 'JIT calls of other runners', causes: ['worker busy'] },
  'service slow': { by: 'slow JIT calls', causes: ['worker busy'] },
  'kubernetes slow': { by: 'slow requests to Kubernetes', causes: ['worker busy'] },
};

/**
 * The parts of a runner's way from its creation, or its first line, to its pod, with what they were for.
 * @param slow the burst that it is in
 */
export function pathOf(
  runner: RunnerHistory,
  slow: SlowBurst | undefined,
  lineName: (seen: Seen) => string,
): PathPart[] {
  const isOneStepAPass = slow !== undefined && hasOneStepAPass(slow);
  const lockedFromUs = slow?.cause === 'actions lock' ? slow.jitEveryUs : Number.POSITIVE_INFINITY;
  const parts = runner.startsInLife ? [] : partsOf(runner);
  const stretches: { cause: Cause; us: number; from: Seen; until: Seen }[] = [];
  for (const { doing, us, from, until } of parts) {
    const cause = doing === 'jit' && us > lockedFromUs ? 'actions lock' : causeOf(doing, isOneStepAPass);
    const last = stretches.at(-1);
    if (last?.cause === cause && cause !== 'actions lock') [last.us, last.until] = [last.us + us, until];
    else stretches.push({ cause, us, from, until });
  }
  const held = heldIn(slow);
  return stretches
    .filter(({ us }) => us > 0)
    .flatMap(({ cause, us, from, until }): PathPart[] => {
      const evidence = [lineName(from), lineName(until)];
      const offUs = Math.max(from.at.withinUs, until.at.withinUs);
      const part = (of: Cause, partUs: number, leastUs: number): PathPart => ({
        cause: of,
        // What may have taken no time at all was not shown to be held.
        ...(leastUs > 0 && held?.causes.includes(of) === true ? { heldBy: held.by } : {}),
        us: partUs,
        leastUs: Math.max(0, leastUs),
        mostUs: offUs === 0 ? partUs : partUs + offUs + 1,
        evidence,
      });
      const whole = part(cause, us, offUs === 0 ? us : us - offUs - 1);
      if (cause !== 'actions lock') return [whole];
      // How long a call itself takes is known only as a mean of all.
      const ownUs = Math.round(lockedFromUs);
      return [part(cause, us - ownUs, whole.leastUs - ownUs), { ...part('actions service', ownUs, 0), mostUs: ownUs }];
    });
}

/** What holds the runners of a burst: a runner alone waits for no other's. */
function heldIn(slow: SlowBurst | undefined): (typeof HELD_BY)[BurstCause] {
  if (slow?.cause === undefined || slow.burst.runners.length + slow.burst.waiting.length < 2) return undefined;
  return HELD_BY[slow.cause];
}

/** What somebody waits for while this is done. */
export function causeOf(doing: Doing, isOneStepAPass: boolean): Cause {
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

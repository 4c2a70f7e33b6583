import { Random } from '../../src/base/random.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { STRATEGIES, type Strategy } from './strategies.ts';
import type { Scenario } from './world.ts';

/** The scenario of a seed: mode, workers and what goes wrong are drawn from it. */
export function scenarioOf(seed: number, runners: number, only?: readonly Strategy[]): Scenario {
  const random = new Random(seed, 'scenario');
  const mode = RELEASES.ids[random.below(RELEASES.ids.length)] as string;
  const workers = 1 + random.below(4);
  const strategies = new Set<Strategy>(only);
  if (only === undefined) {
    for (let count = 1 + random.below(4); count > 0; count--) {
      strategies.add(STRATEGIES[random.below(STRATEGIES.length)] as Strategy);
    }
  }
  return { seed, mode, runners, workers, strategies: [...strategies] };
}

export function describeScenario({ seed, mode, runners, workers, strategies }: Scenario): string {
  return `seed ${seed}, ${mode}, ${runners} runners, ${workers} workers, ${strategies.join(' + ') || 'no trouble'}`;
}

import { Random } from '../../../src/base/random.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { CHAIN_STRATEGIES, type ChainStrategy } from './strategies.ts';
import type { ChainScenario } from './world.ts';

/** The scenario of a seed: release, limits, jobs and what goes wrong are drawn from it. */
export function chainScenarioOf(seed: number, only?: readonly ChainStrategy[]): ChainScenario {
  const random = new Random(seed, 'chain-scenario');
  const mode = RELEASES.ids[random.below(RELEASES.ids.length)] as string;
  const minRunners = random.below(3);
  const maxRunners = minRunners + 1 + random.below(5);
  const jobs = random.below(11);
  const strategies = new Set<ChainStrategy>(only);
  if (only === undefined) {
    for (let count = 1 + random.below(4); count > 0; count--) {
      strategies.add(CHAIN_STRATEGIES[random.below(CHAIN_STRATEGIES.length)] as ChainStrategy);
    }
  }
  return { seed, mode, minRunners, maxRunners, jobs, strategies: [...strategies] };
}

export function describeChain({ seed, mode, minRunners, maxRunners, jobs, strategies }: ChainScenario): string {
  const trouble = strategies.join(' + ') || 'no trouble';
  return `seed ${seed}, ${mode}, ${jobs} jobs, ${minRunners} to ${maxRunners} runners, ${trouble}`;
}

import { parseArgs } from 'node:util';
import { chainScenarioOf, describeChain } from './chain/scenarios.ts';
import { CHAIN_STRATEGIES, isChainStrategy } from './chain/strategies.ts';
import { playChain, type ChainOutcome } from './chain/world.ts';
import { isStrategy, STRATEGIES } from './strategies.ts';
import { describeScenario, scenarioOf } from './scenarios.ts';
import { play, type Outcome } from './world.ts';

/**
 * `npm run campaign -- --seed 1 --runs 1000 --runners 10`: plays scenarios and reports every violation; with --chain those
 * of a whole scale set. A single run with --log prints everything that happens in it: the same seed gives the same bytes.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    runners: { type: 'string', default: '10' },
    chain: { type: 'boolean', default: false },
    strategy: { type: 'string' },
    log: { type: 'boolean', default: false },
    'stop-at-first': { type: 'boolean', default: false },
  },
});

interface Played {
  readonly title: string;
  readonly outcome: Pick<Outcome | ChainOutcome, 'violations' | 'requests' | 'events' | 'crashes'> & {
    readonly flaws: ReadonlyMap<string, number>;
  };
}

const log = values.log ? { log: (line: string) => void process.stdout.write(`${line}\n`) } : {};
const playSeed = values.chain ? chain() : runners();

function runners(): (seed: number) => Played {
  const only = strategies(isStrategy, STRATEGIES);
  return (seed) => {
    const scenario = scenarioOf(seed, Number(values.runners), only);
    return { title: describeScenario(scenario), outcome: play({ ...scenario, ...log }) };
  };
}

function chain(): (seed: number) => Played {
  const only = strategies(isChainStrategy, CHAIN_STRATEGIES);
  return (seed) => {
    const scenario = chainScenarioOf(seed, only);
    return { title: describeChain(scenario), outcome: playChain({ ...scenario, ...log }) };
  };
}

function strategies<T extends string>(isOne: (text: string) => text is T, all: readonly T[]): readonly T[] | undefined {
  return values.strategy?.split(',').map((name) => {
    if (!isOne(name)) {
      process.stderr.write(`unknown strategy ${JSON.stringify(name)}; there are ${all.join(', ')}\n`);
      process.exit(2);
    }
    return name;
  });
}

const first = Number(values.seed);
const runs = Number(values.runs);
const flaws = new Map<string, number>();
let violated = 0;
let [requests, events, crashes] = [0, 0, 0];
const startedMs = performance.now();
for (let seed = first; seed < first + runs; seed++) {
  const { title, outcome } = playSeed(seed);
  requests += outcome.requests;
  events += outcome.events;
  crashes += outcome.crashes;
  for (const [flaw, count] of outcome.flaws) flaws.set(flaw, (flaws.get(flaw) ?? 0) + count);
  if (outcome.violations.length === 0) continue;
  violated++;
  process.stdout.write(`${title}\n`);
  for (const violation of outcome.violations.slice(0, 5)) process.stdout.write(`  ${violation}\n`);
  if (values['stop-at-first']) break;
}
const seconds = (performance.now() - startedMs) / 1000;
process.stdout.write(
  `${runs === 1 ? '1 run' : `${runs} runs`} from seed ${first} in ${seconds.toFixed(1)} s: ${violated} with violations; ` +
    `${requests} requests, ${events} events, ${crashes} crashes\n`,
);
for (const [flaw, count] of flaws)
  process.stdout.write(`upstream's own: ${flaw} ${count === 1 ? 'once' : `${count} times`}\n`);
process.exitCode = violated > 0 ? 1 : 0;

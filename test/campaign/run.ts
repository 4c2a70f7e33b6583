import { parseArgs } from 'node:util';
import { isStrategy, STRATEGIES, type Strategy } from './strategies.ts';
import { describeScenario, scenarioOf } from './scenarios.ts';
import { play } from './world.ts';

/**
 * `npm run campaign -- --seed 1 --runs 1000 --runners 10`: plays scenarios and reports every violation. A single run
 * with --log prints everything that happens in it: the same seed gives the same bytes.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    runners: { type: 'string', default: '10' },
    strategy: { type: 'string' },
    log: { type: 'boolean', default: false },
    'stop-at-first': { type: 'boolean', default: false },
  },
});

const only: readonly Strategy[] | undefined = values.strategy?.split(',').map((name) => {
  if (!isStrategy(name)) {
    process.stderr.write(`unknown strategy ${JSON.stringify(name)}; there are ${STRATEGIES.join(', ')}\n`);
    process.exit(2);
  }
  return name;
});
const first = Number(values.seed);
const runs = Number(values.runs);
const flaws = new Map<string, number>();
let violated = 0;
let [requests, events, crashes] = [0, 0, 0];
const startedMs = performance.now();
for (let seed = first; seed < first + runs; seed++) {
  const scenario = scenarioOf(seed, Number(values.runners), only);
  const outcome = play({
    ...scenario,
    ...(values.log ? { log: (line) => void process.stdout.write(`${line}\n`) } : {}),
  });
  requests += outcome.requests;
  events += outcome.events;
  crashes += outcome.crashes;
  for (const [flaw, count] of outcome.flaws) flaws.set(flaw, (flaws.get(flaw) ?? 0) + count);
  if (outcome.violations.length === 0) continue;
  violated++;
  process.stdout.write(`${describeScenario(scenario)}\n`);
  for (const violation of outcome.violations.slice(0, 5)) process.stdout.write(`  ${violation}\n`);
  if (values['stop-at-first']) break;
}
const seconds = (performance.now() - startedMs) / 1000;
process.stdout.write(
  `${runs} runs from seed ${first} in ${seconds.toFixed(1)} s: ${violated} with violations; ` +
    `${requests} requests, ${events} events, ${crashes} crashes\n`,
);
for (const [flaw, count] of flaws) process.stdout.write(`upstream's own: ${flaw} ${count} times\n`);
process.exitCode = violated > 0 ? 1 : 0;

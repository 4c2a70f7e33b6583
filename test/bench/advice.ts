import { meets, type Objective } from '../../src/advice/objective.ts';
import { costOf, gridOf, MOST_RUNS, search, type Found } from '../../src/advice/search.ts';
import { Simulator } from '../../src/advice/simulator.ts';
import { firstLook, tornado } from '../../src/advice/tornado.ts';
import { spreadOf } from '../../src/analysis/spread.ts';
import { parseLatency, type Latency } from '../../src/base/latency.ts';
import { Random } from '../../src/base/random.ts';
import { replicate } from '../../src/run/replications.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/run/settings.ts';
import { SimulationPool } from '../../src/run/simulation-pool.ts';
import { median, type Row } from './measure.ts';

const MODES = ['new', '0.12.1', '0.13.1', '0.14.2', 'latest'];
const SEEDS = 4;
const TORNADO_SEEDS = 5;
const [ADVISED, SEARCHED] = [1_000, 20];
/** How many questions are under way side by side: enough to keep all threads busy. */
const AT_ONCE = 8;
/** Seeds that make a band, replications to draw them from, and how often that is done. */
const [OF_A_BAND, REPLICATIONS, TRIALS] = [4, 400, 4_000];
const LATENCIES = [
  ...['lognormal(200ms,0.3)', 'lognormal(200ms,0.8)', 'p50=200ms,p95=600ms', 'p50=100ms,p95=1s'],
  'empirical(300ms,400ms,1.2s)',
];
/** Runners and workers. */
const CROWDS = [
  [3, 2],
  [12, 1],
  [30, 4],
] as const;

/** Whether what advice promises comes true, how much dearer than need be it is, and what bands of seeds hold. */
export async function adviceBench(): Promise<Row[]> {
  const pool = new SimulationPool();
  try {
    return [await tornadoTimes(pool), await confirmed(pool), await besideExhaustive(pool), await covered(pool)];
  } finally {
    pool.dispose();
  }
}

/**
 * Processor time until the first bar and until all bars of 300 runners, with threads that are cold and with warm ones: other
 * work on the machine does not count. Threads that are cold compile what they run, each for itself.
 */
async function tornadoTimes(pool: SimulationPool): Promise<Row> {
  const rounds: string[] = [];
  for (const [round, name] of ['cold', 'warm', 'warm again'].entries()) {
    const settings = { ...DEFAULT_SETTINGS, mode: 'latest', runners: 300, seed: 1 + 100 * round };
    const simulator = new Simulator(pool, {}, TORNADO_SEEDS);
    const before = process.cpuUsage();
    const spentMs = (): number => {
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    let firstMs: number | undefined;
    await firstLook(simulator, settings, () => (firstMs ??= spentMs()));
    await tornado(simulator, settings, () => undefined);
    rounds.push(
      `${name}: ${(firstMs ?? NaN).toFixed(0)} ms, ${(spentMs() / 1000).toFixed(2)} s for ${simulator.runs} runs`,
    );
  }
  return {
    what: 'processor time of all threads until the first bar and the whole tornado of 300 runners',
    ours: rounds.join('; '),
    peer: '',
    aim: '300 ms and 3 s elapsed with 4 threads of their own',
  };
}

interface Question {
  readonly settings: RunSettings;
  readonly objective: Objective;
}

interface Answer {
  readonly given: boolean;
  readonly isConfirmed: boolean;
  readonly isConfirmedByOthers: boolean;
  readonly ms: number;
}

/** Advice on random settings, run again by itself and with seeds that it has not seen. */
async function confirmed(pool: SimulationPool): Promise<Row> {
  const random = new Random(19, 'advised settings');
  const answers = await sideBySide(ADVISED, async (): Promise<Answer> => {
    const settings = settingsBy(random);
    const [kind, factor] = [random.below(3), 0.3 + 0.9 * random.next()];
    const started = performance.now();
    const simulator = new Simulator(pool, {}, SEEDS);
    const now = await simulator.outcome(settings);
    const objective: Objective = [
      { lastUs: Math.round(factor * now.lastUs.median) },
      { p95Us: Math.round(factor * now.p95Us.median) },
      { mostRequestsASecond: Math.ceil(factor * now.requestsASecond.median) },
    ][kind] as Objective;
    const { best } = await search(simulator, settings, objective);
    const ms = performance.now() - started;
    if (best === undefined) return { given: false, isConfirmed: true, isConfirmedByOthers: true, ms };
    const again = (seed: number): Promise<boolean> =>
      new Simulator(pool, {}, SEEDS).outcome({ ...best.settings, seed }).then((outcome) => meets(objective, outcome));
    return {
      given: true,
      isConfirmed: await again(best.settings.seed),
      isConfirmedByOthers: await again(best.settings.seed + SEEDS),
      ms,
    };
  });
  const given = answers.filter((answer) => answer.given);
  const not = given.filter(({ isConfirmed }) => !isConfirmed).length;
  const others = given.filter(({ isConfirmedByOthers }) => isConfirmedByOthers).length / given.length;
  return {
    what: `advice on ${ADVISED} random settings`,
    ours: `${given.length} given, ${not} not confirmed when run again; ${percent(others)} % confirmed by other seeds, ${median(answers.map(({ ms }) => ms)).toFixed(0)} ms each`,
    peer: '',
    aim: '0 not confirmed',
  };
}

/** What is found beside the cheapest cell of the whole grid. */
async function besideExhaustive(pool: SimulationPool): Promise<Row> {
  const random = new Random(20, 'searched settings');
  const found = await sideBySide(SEARCHED, async () => {
    const question = await reachable(pool, settingsBy(random), 1.2 + random.next());
    const { best, runs } = await search(new Simulator(pool, {}, SEEDS), question.settings, question.objective);
    return { ratio: ratioOf(best, await cheapest(pool, question)), runs };
  });
  const ratios = found.map(({ ratio }) => ratio);
  const mostRuns = Math.max(...found.map(({ runs }) => runs));
  return {
    what: `the price of what is found for ${SEARCHED} random settings, in parts of the cheapest`,
    ours: `median ${median(ratios).toFixed(3)}, most ${Math.max(...ratios).toFixed(3)}, in at most ${mostRuns} runs`,
    peer: 'every cell of the grid: 1',
    aim: `1.03, ${MOST_RUNS} runs`,
  };
}

function ratioOf(best: Found['best'], least: number): number {
  return best === undefined ? Infinity : costOf(best.settings) / least;
}

/** An objective that the fastest settings meet with some slack. */
async function reachable(pool: SimulationPool, settings: RunSettings, slack: number): Promise<Question> {
  const fastest = { ...settings, workers: 16, qps: 320, burst: 480 };
  const { lastUs } = await new Simulator(pool, {}, SEEDS).outcome(fastest);
  return { settings, objective: { lastUs: Math.round(slack * lastUs.median) } };
}

async function cheapest(pool: SimulationPool, { settings, objective }: Question): Promise<number> {
  const all = new Simulator(pool, {}, SEEDS);
  const cells = gridOf(settings, objective).flat();
  const outcomes = await Promise.all(cells.map((cell) => all.outcome(cell)));
  return Math.min(
    ...outcomes.filter((outcome) => meets(objective, outcome)).map((outcome) => costOf(outcome.settings)),
  );
}

/** How often a run with a new seed lies in the band of some others, of many settings. */
async function covered(pool: SimulationPool): Promise<Row> {
  const shares: number[] = [];
  for (const text of LATENCIES) {
    const { medianUs, shape } = parseLatency(text) as Latency;
    for (const mode of ['0.13.1', '0.14.2', 'latest']) {
      for (const [runners, workers] of CROWDS) {
        const settings = { ...DEFAULT_SETTINGS, mode, runners, workers, jitLatencyUs: medianUs, jitShape: shape };
        const [all] = await replicate(pool, [{ settings }], REPLICATIONS, undefined);
        const statistics = (all?.runs ?? []).map((run) => run.statistics);
        for (const figure of ['firstPodUs', 'p95PodUs', 'lastPodUs'] as const) {
          const values = statistics.map((each) => each[figure] ?? NaN);
          shares.push(coverage(values, new Random(3, `${text} ${mode} ${runners} ${figure}`)));
        }
      }
    }
  }
  const within = shares.filter((share) => Math.abs(share - 0.95) <= 0.02).length;
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map(percent);
  return {
    what: `new seeds in the band of ${OF_A_BAND} others, of first, 95th and last pods in ${shares.length / 3} settings (JIT calls ${LATENCIES.join('; ')})`,
    ours: `${percent(mean)} % on average, ${least} % to ${most} %; ${within} of ${shares.length} within 95 ± 2 %`,
    peer: '',
    aim: '95 ± 2 %',
  };
}

function coverage(values: readonly number[], random: Random): number {
  let hits = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const chosen = new Set<number>();
    while (chosen.size <= OF_A_BAND) chosen.add(random.below(values.length));
    const [next = NaN, ...known] = [...chosen].map((place) => values[place] as number);
    const { low, high } = spreadOf(known);
    if (low <= next && next <= high) hits++;
  }
  return hits / TRIALS;
}

function settingsBy(random: Random): RunSettings {
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  const qps = pick([5, 10, 20, 40]);
  return {
    ...DEFAULT_SETTINGS,
    mode: pick(MODES),
    runners: 6 + random.below(25),
    workers: 1 + random.below(8),
    ...{ qps, burst: pick([qps, 2 * qps]) },
    jitLatencyUs: 20_000 + random.below(600_000),
    apiLatencyUs: 2_000 + random.below(20_000),
    seed: random.below(100_000),
  };
}

/** Begun in order, so that what each draws does not depend on how long the others take. */
async function sideBySide<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < count) {
      const place = begun++;
      results[place] = await make();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

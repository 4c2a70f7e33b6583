import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { simulate } from '../../src/run/embedded-run.ts';
import type { RunSpec } from '../../src/run/run-spec.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/run/settings.ts';
import { SimulationPool } from '../../src/run/simulation-pool.ts';
import { scenarioOf } from '../campaign/scenarios.ts';
import { play } from '../campaign/world.ts';
import { median, RUNS, type Row } from './measure.ts';

const MODES = ['old', 'new', '0.14.2', 'latest'];
const BURST = 300;
/** What a sweep of 200 settings is. */
const SWEEP = 200;
const CAMPAIGN_RUNS = 200;
/** Until the code is compiled. */
const WARM = 10;
/** Started as `lives.ts RUNNERS`: one run whose trace is not kept, which says how much memory it took. */
const OF_MEMORY = 100_000;

function settingsOf(mode: string, runners: number, seed = 1): RunSettings {
  const life = { podStartUs: 1_000_000, jobDurationUs: 30_000_000 };
  return { ...DEFAULT_SETTINGS, ...life, mode, runners, seed, workers: 10, qps: 0 };
}

/** What a whole life of a runner costs, and what is made of many: sweeps, large runs, campaigns. */
export async function livesBench(): Promise<Row[]> {
  const [whole, figures] = [costOf('all'), costOf('figures')];
  const sweptMs = await sweep();
  const memory = spawnSync(process.execPath, [fileURLToPath(import.meta.url), String(OF_MEMORY)], { encoding: 'utf8' });
  const campaignMs = campaign();
  const cores = availableParallelism();
  return [
    row(`a life in a burst of ${BURST}, with its trace (${MODES.join(', ')})`, `${whole.join(', ')} µs`, '90 µs'),
    row('the same without the trace', `${figures.join(', ')} µs`, '60 µs'),
    row(`${SWEEP} settings of ${BURST} runners, ${cores} threads`, `${(sweptMs / 1000).toFixed(1)} s`, '5 s'),
    row('100,000 runners without the trace', `${memory.stdout} MB`, '300 MB'),
    row('a campaign run of 10 runners, one core', `${campaignMs.toFixed(2)} ms`, '1.2 ms'),
  ];
}

function row(what: string, ours: string, aim: string): Row {
  return { what, ours, peer: '', aim };
}

/** Microseconds a life, by mode. */
function costOf(detail: 'all' | 'figures'): string[] {
  return MODES.map((mode) => {
    const once = (): number => {
      const started = performance.now();
      simulate(settingsOf(mode, BURST), { detail });
      return ((performance.now() - started) * 1000) / BURST;
    };
    for (let warm = 0; warm < WARM; warm++) once();
    return median(Array.from({ length: RUNS }, once)).toFixed(0);
  });
}

/** Milliseconds from the first setting to the last result, the start of the threads included. */
async function sweep(): Promise<number> {
  const specs = Array.from({ length: SWEEP }, (_, index): RunSpec => {
    return { settings: settingsOf(MODES[index % MODES.length] as string, BURST, index) };
  });
  const pool = new SimulationPool();
  const started = performance.now();
  try {
    await Promise.all(specs.map((spec) => pool.run(spec)));
    return performance.now() - started;
  } finally {
    pool.dispose();
  }
}

/** Milliseconds a run. */
function campaign(): number {
  const once = (from: number): number => {
    const started = performance.now();
    for (let seed = from; seed < from + CAMPAIGN_RUNS; seed++) play(scenarioOf(seed, 10));
    return (performance.now() - started) / CAMPAIGN_RUNS;
  };
  once(1);
  return once(1 + CAMPAIGN_RUNS);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const run = simulate(settingsOf('new', Number(process.argv[2])), { detail: 'figures' });
  if (run.statistics.pods !== OF_MEMORY) throw new Error(`${run.statistics.pods} pods instead of ${OF_MEMORY}`);
  process.stdout.write((process.resourceUsage().maxRSS / 1024).toFixed(0));
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { simulate } from '../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import { median, RUNS, type Row } from './measure.ts';

interface Measured {
  readonly seconds: number;
  readonly events: number;
  readonly megabytes: number;
}

/** Whole lives of runners in both modes, 10 workers, no client limiter; each run in a process of its own. */
export function virtualTimeBench(): Row[] {
  const measure = (runners: number): Measured => {
    const runs = Array.from({ length: runners > 10_000 ? 3 : RUNS }, () => {
      const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), String(runners)], {
        encoding: 'utf8',
      });
      return JSON.parse(child.stdout) as Measured;
    });
    return runs.find(({ seconds }) => seconds === median(runs.map((run) => run.seconds))) as Measured;
  };
  const [small, large] = [measure(1_000), measure(100_000)];
  const perRunnerUs = ({ seconds }: Measured, runners: number): number => (seconds * 1e6) / runners;
  const ratio = perRunnerUs(large, 100_000) / perRunnerUs(small, 1_000);
  return [
    {
      what: 'virtual time, 100,000 whole lives in both modes',
      ours: `${large.seconds.toFixed(1)} s, ${large.megabytes.toFixed(0)} MB, ${(large.events / large.seconds / 1e6).toFixed(2)} million events a second`,
      peer: '',
      aim: '5 s, 1 GB',
    },
    {
      what: 'cost of a runner at 100,000 beside 1,000 (both from a cold process)',
      ours: `${perRunnerUs(large, 100_000).toFixed(0)} beside ${perRunnerUs(small, 1_000).toFixed(0)} µs: ${ratio.toFixed(2)} times`,
      peer: '',
      aim: 'at most 1.5 times',
    },
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runners = Number(process.argv[2]);
  let [seconds, events] = [0, 0];
  for (const mode of ['old', 'new']) {
    const started = performance.now();
    const settings = {
      ...DEFAULT_SETTINGS,
      mode,
      runners,
      workers: 10,
      qps: 0,
      podStartUs: 1_000_000,
      jobDurationUs: 30_000_000,
    };
    const run = simulate(settings);
    seconds += (performance.now() - started) / 1000;
    events += run.events;
    if (run.statistics.pods !== runners) throw new Error(`${run.statistics.pods} pods instead of ${runners}`);
  }
  const megabytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ seconds, events, megabytes } satisfies Measured));
}

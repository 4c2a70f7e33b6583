import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Debugger } from '../../src/debug/debugger.ts';
import { simulate } from '../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/run/settings.ts';
import { median, type Row } from './measure.ts';

const TURNS = 7;
const RUNS_A_PROCESS = 5;

const settings: RunSettings = {
  ...{ ...DEFAULT_SETTINGS, mode: 'new', runners: 2_000, workers: 8, qps: 0 },
  ...{ podStartUs: 1_000_000, jobDurationUs: 5_000_000 },
};

/**
 * Runs that are not debugged, in processes in which one was debugged before and in others in which one like it just ran, by
 * turns. Figures are of the processor's time, so that other work beside them does not count.
 */
export function undebuggedBench(): Row[] {
  const turns = Array.from({ length: TURNS }, () => [measure('after'), measure('without')] as const);
  const ratios = turns.map(([after, without]) => after / without);
  const [after, without] = [0, 1].map((side) => median(turns.map((turn) => turn[side as 0 | 1])));
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  return [
    {
      what: `a run of ${settings.runners} runners that is not debugged, after one that was`,
      ours: `${after?.toFixed(0)} beside ${without?.toFixed(0)} ms: ${median(ratios).toFixed(2)} times (${least.toFixed(2)} to ${most.toFixed(2)}, ${TURNS} turns)`,
      peer: '',
      aim: '1 time',
    },
  ];
}

function measure(kind: 'after' | 'without'): number {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), kind], { encoding: 'utf8' });
  return Number(child.stdout);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Kept, as a debug session keeps it that is still open.
  const before = process.argv[2] === 'after' ? Debugger.simulate(settings) : simulate(settings);
  // Code is compiled while the first runs go on.
  for (let run = 0; run < 2; run++) simulate(settings);
  const times = Array.from({ length: RUNS_A_PROCESS }, () => {
    const used = process.cpuUsage();
    simulate(settings);
    const { user, system } = process.cpuUsage(used);
    return (user + system) / 1000;
  });
  process.stdout.write(String(median(times)));
  if (before instanceof Debugger && before.recording.moments.length === 0) throw new Error('nothing was recorded');
}

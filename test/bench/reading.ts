import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { statisticsOf } from '../../src/analysis/statistics.ts';
import { milestonesOf } from '../../src/analysis/milestones.ts';
import { judgedRun, verdict } from '../../src/explain/verdict.ts';
import { syntheticTrace } from '../../src/trace/synthetic-trace.ts';
import { median, type Row } from './measure.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const LOG = fileURLToPath(
  new URL('../unit/evidence/logs/burst-300-workers-2-latest.controller.log.gz', import.meta.url),
);
const BARS = 1_000_000;
const RUNS = 3;
const DAY_MS = 86_400_000;

interface Cost {
  /** Of the processor, all threads together. */
  readonly seconds: number;
  readonly megabytes: number;
}

/** Says what a process has cost, when it ends, in the last line of what it writes. */
const HOOK = `data:text/javascript,${encodeURIComponent(
  `process.on('exit',()=>{const{userCPUTime:u,systemCPUTime:s,maxRSS:m}=process.resourceUsage();process.stderr.write('\\n'+JSON.stringify({seconds:(u+s)/1e6,megabytes:m/1024}))})`,
)}`;

/** The least that a reader of logs does: lines, and the fields of each as JSON. */
const PEER = `
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
let fields = 0;
for await (const line of createInterface({ input: createReadStream(process.argv[1]) })) {
  const from = line.lastIndexOf('\t{');
  if (from >= 0) fields += Object.keys(JSON.parse(line.slice(from + 1))).length;
}
process.stdout.write(String(fields));
`;

/**
 * `arc-lab why` on logs of 100 MB and 1 GB, each a process of its own, beside lines and JSON alone; and what is said of a trace
 * of a million bars, beside reading that trace as JSON.
 */
export function readingBench(): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'reading-'));
  try {
    return [...ofLog(folder, 100, 3), ...ofLog(folder, 1000, 1), ofTrace()];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ofLog(folder: string, megabytes: number, runs: number): Row[] {
  const file = join(folder, 'controller.log');
  writeLog(file, megabytes * 1e6);
  const cost = (...args: readonly string[]): Cost => {
    const costs = Array.from({ length: runs }, () => costOf(args));
    return {
      seconds: median(costs.map(({ seconds }) => seconds)),
      megabytes: median(costs.map((each) => each.megabytes)),
    };
  };
  // Of one runner: otherwise its burst is simulated as well, which takes seconds whatever the log's length.
  const ours = cost(CLI, 'why', file, 'day0-job1');
  const peer = cost('--input-type=module', '-e', PEER, file);
  const text = ({ seconds, megabytes: memory }: Cost): string => `${seconds.toFixed(1)} s, ${memory.toFixed(0)} MB`;
  return [
    {
      what: `a log of ${megabytes} MB, explained: processor, memory`,
      ours: text(ours),
      peer: `${text(peer)}: readline and JSON.parse alone`,
      aim: megabytes > 100 ? '20 s, 300 MB' : '2 s',
    },
  ];
}

function costOf(args: readonly string[]): Cost {
  const { stderr, status } = spawnSync(process.execPath, ['--import', HOOK, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as Cost;
}

/** A recorded burst again and again, each a day later and of other runners. */
function writeLog(file: string, bytes: number): void {
  const recorded = gunzipSync(readFileSync(LOG)).toString('utf8');
  const out = openSync(file, 'w');
  for (let written = 0, day = 0; written < bytes; day++) {
    const shifted = recorded
      .replaceAll(/^\d{4}-\d\d-\d\d/gm, (date) => new Date(Date.parse(date) + day * DAY_MS).toISOString().slice(0, 10))
      .replaceAll(/"job(\d+)/g, `"day${day}-job$1`);
    written += writeSync(out, shifted);
  }
  closeSync(out);
}

function ofTrace(): Row {
  const trace = syntheticTrace(BARS, 10_000);
  const ms = (run: () => void): number => {
    const times = Array.from({ length: RUNS }, () => {
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e3;
    });
    return median(times);
  };
  const ours = ms(() => {
    statisticsOf(trace, trace.originUs);
    milestonesOf(trace);
    verdict([judgedRun(trace, trace.originUs)]);
  });
  const texts = [...trace.passes()].map((pass) => JSON.stringify(pass));
  const peer = ms(() => texts.forEach((text) => void JSON.parse(text)));
  return {
    what: 'a trace of 1,000,000 bars: figures, milestones and verdict',
    ours: `${(ours / 1e3).toFixed(2)} s`,
    peer: `${(peer / 1e3).toFixed(2)} s: its passes through JSON.parse`,
    aim: '1 s',
  };
}

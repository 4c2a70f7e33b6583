import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { arcLab } from '../builders/arc-lab.ts';

const LOG = fileURLToPath(new URL('../unit/evidence/logs/jobs-30-json-latest.timestamps.log.gz', import.meta.url));
const COARSE = fileURLToPath(new URL('../unit/evidence/logs/jobs-3-latest.controller.log.gz', import.meta.url));

interface Row {
  readonly settings: { readonly seed: number; readonly jitLatencyUs: number };
  readonly lastPodUs: number;
  readonly seeds: number;
  readonly spreads: Readonly<Record<string, { readonly median: number; readonly low: number; readonly high: number }>>;
}

describe('Several seeds and latencies as distributions on the command line', function () {
  this.timeout(120_000);

  it('give medians with bands in the rows of a sweep', async () => {
    const sweep = [
      'sweep',
      '--mode',
      'latest',
      '--runners',
      '8',
      '--workers',
      '1,2',
      '--jit-latency',
      'lognormal(200ms,0.5)',
    ];
    const [text, json] = [await arcLab([...sweep, '--seeds', '5']), await arcLab([...sweep, '--seeds', '5', '--json'])];
    assert.equal(text.code, 0, text.stderr);
    assert.match(
      text.stdout,
      /^latest +8 +1 +20 +30 +200 ms \(p95 455 ms\) .* \d+\.\d\d s \(\d+\.\d\d s – \d+\.\d\d s\)/m,
    );
    assert.match(text.stdout, /^5 seeds: the median, and where a run with another seed lies 19 times of 20\.$/m);
    const rows = JSON.parse(json.stdout) as Row[];
    assert.equal(rows.length, 2, 'seeds are no rows');
    for (const { spreads, lastPodUs, seeds } of rows) {
      const last = spreads['last pod'];
      assert.ok(last !== undefined && last.low < lastPodUs && lastPodUs < last.high, JSON.stringify(spreads));
      assert.equal(last.median, lastPodUs, 'of an odd number the one in the middle stands for the others');
      assert.equal(seeds, 5);
    }
  });

  it('are compared as one in the sentences below a sweep, with the medians of its table', async () => {
    const sweep = ['sweep', '--mode', 'new', '--runners', '12', '--workers', '1,2,4', '--seeds', '4'];
    const { code, stdout, stderr } = await arcLab(sweep);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout, /seed \d|^mode .* seed/m, 'no row has a seed of its own');
    const [, from, to] = /^new: up to \d workers help \(last pod (\S+ m?s) → (\S+ m?s)\)/m.exec(stdout) ?? [];
    for (const time of [from, to]) assert.match(stdout, new RegExp(`  ${time ?? 'none'} \\(`), 'a median of the table');
  });

  it('give a table of medians, bands and p below a comparison', async () => {
    const compare = [
      'compare',
      '--modes',
      '0.13.1,latest',
      '--virtual',
      '--runners',
      '10',
      '--workers',
      '4',
      '--jit-latency',
      'p50=400ms,p95=900ms',
    ];
    const { code, stdout, stderr } = await arcLab([...compare, '--seeds', '6']);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^6 seeds: the median, where a run with another seed lies 19 times of 20, and what changes\.$/m,
    );
    assert.match(stdout, /^0\.13\.1 .* –$/m);
    const [ofSeeds, ofOne] = ['6 seeds: the median', 'The run with seed 1:'].map((text) => stdout.indexOf(text));
    assert.ok((ofSeeds ?? -1) > 0 && (ofSeeds ?? 0) < (ofOne ?? 0), 'the medians come before the run of one seed');
    assert.match(stdout, /^latest .* × \d\.\d\d \(\d\.\d\d – \d\.\d\d\), p 0\.002$/m);
  });

  it('take the calls of a log as a distribution, without their waits for each other', async () => {
    const { code, stdout, stderr } = await arcLab([
      'sweep',
      '--mode',
      'latest',
      '--runners',
      '5',
      '--jit-latency',
      LOG,
      '--json',
    ]);
    assert.equal(code, 0, stderr);
    const [row] = JSON.parse(stdout) as Row[];
    const ms = (row?.settings.jitLatencyUs ?? 0) / 1000;
    assert.ok(ms > 190 && ms < 230, `${ms} ms in a log whose service took 200 ms`);
  });

  for (const [args, code, sentence] of [
    [['compare', '--seeds', '5'], 2, /--seeds is for runs in virtual time: add --virtual/],
    [['sweep', '--seeds', '5', '--seed', '1,2'], 2, /--seed names the first of --seeds: give one/],
    [['sweep', '--seeds', '3'], 2, /--seeds must be at least 4, not 3/],
    [['advise', '--seeds', '1000000'], 2, /--seeds must be at most 10000, not 1000000/],
    [
      ['sweep', '--jit-latency', 'lognormal(400ms)'],
      2,
      /^arc-lab: --jit-latency lognormal\(400ms\) takes a median above 0 and a standard deviation of the logarithm, from 0 to 3$/m,
    ],
    [
      ['sweep', '--api-latency', 'p50=400ms,p95=100ms'],
      2,
      /^arc-lab: --api-latency p50=400ms,p95=100ms cannot have p95 below p50$/m,
    ],
    [['sweep', '--jit-latency', 'normal(1ms,2)'], 2, /--jit-latency must be a duration, lognormal\(400ms,0\.3\)/],
    [
      ['advise', '--jit-latency', COARSE],
      1,
      /has a clock too coarse for latencies; a log of kubectl logs --timestamps is finer/,
    ],
  ] as const) {
    it(`reject ${args
      .slice(0, 5)
      .join(' ')
      .replace(/\/.*\//, '')}`, async () => {
      const ended = await arcLab(args);
      assert.deepEqual([ended.code, ended.stdout], [code, '']);
      assert.match(ended.stderr, sentence);
    });
  }
});

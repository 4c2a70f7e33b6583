import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { arcLab } from '../builders/arc-lab.ts';

const LOG = fileURLToPath(new URL('../unit/evidence/logs/jobs-3-latest.controller.log.gz', import.meta.url));

describe('arc-lab bench', function () {
  this.timeout(120_000);

  const small = ['bench', '--jobs', '5', '--seeds', '4'];

  it('puts releases, pull requests and a real log side by side, with what each wasted', async () => {
    const { code, stdout, stderr } = await arcLab([...small, '--modes', 'latest', '--with', '4664', '--against', LOG]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Jobs: 5 at once, 4 seeds\n/);
    assert.match(stdout, /^measure +latest +latest\+4664 +factor +p +jobs-3-latest\.controller\.log\.gz$/m);
    assert.match(
      stdout,
      /^job done to runner removed, p50 +\S+ ms \(.*\) +\S+ ms \(.*\) +0\.\d\d \(.*\) +0\.0\d\d +less than 2\.00 s$/m,
    );
    assert.match(
      stdout,
      /Waste in the lines of jobs-3-latest\.controller\.log\.gz \(0\.14\.2\):\n(?: {2}.*\n)* {2}Workers waited .* of 3 of 3 runners\./,
    );
    assert.match(
      stdout,
      /^jobs-3-latest\.controller\.log\.gz \(0\.14\.2\) shows 3 runners, whatever the load of the runs/m,
    );
    const page = /^How near simulations come to recorded controllers, and to which: (.+)$/m.exec(stdout)?.[1] ?? '';
    assert.match(readFileSync(page, 'utf8'), /## Scale sets with jobs/, 'the page that a benchmark names is there');
  });

  it('reads a trace or a log from the web', async () => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      if (request.url?.startsWith('/log') === true) response.end(readFileSync(LOG));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const at = (path: string): Promise<Awaited<ReturnType<typeof arcLab>>> =>
      arcLab([...small, '--mode', 'latest', '--json', '--against', `http://127.0.0.1:${port}/${path}`]);
    try {
      const read = await at('log.gz?token=secret');
      assert.equal(read.code, 0, read.stderr);
      const { against, results } = JSON.parse(read.stdout) as {
        against: { name: string; figures: { removalP50Us: number }; waste: { kind: string }[] }[];
        results: { sides: { measures: { drainUs: { median: number } } }[] }[];
      };
      assert.equal(against[0]?.name, 'log.gz', 'what an address asks for besides is in no output');
      assert.ok((against[0]?.figures.removalP50Us ?? 0) > 0);
      assert.ok(against[0]?.waste.some(({ kind }) => kind === 'calls ahead'));
      assert.ok((results[0]?.sides[0]?.measures.drainUs.median ?? 0) > 0);
      const missing = await at('nothing?token=secret');
      assert.equal(missing.code, 3);
      assert.match(missing.stderr, /^arc-lab: http:\/\/127\.0\.0\.1:\d+\/nothing cannot be read: the answer is 404\n$/);
      assert.deepEqual(requests, ['GET /log.gz?token=secret', 'GET /nothing?token=secret']);
    } finally {
      server.close();
    }
  });

  for (const [args, sentence] of [
    [
      ['--jobs', '5 a minute'],
      /jobs that come for ever need an end: give --horizon, or a number of jobs or a time as "20 jobs, 5 a minute"/,
    ],
    [['--runners', '5'], /jobs decide how many runners there are: leave out --runners/],
    [['--seeds', '3'], /--seeds must be at least 4, not 3/],
    [['--json', '--markdown'], /--json and --markdown exclude each other/],
    [['--mode', 'new', '--modes', 'old'], /--mode and --modes are the same here/],
  ] as const) {
    it(`rejects ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await arcLab(['bench', ...args]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, sentence);
    });
  }
});

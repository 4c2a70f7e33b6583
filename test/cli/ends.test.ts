import assert from 'node:assert/strict';
import { arcLab, whenListening } from '../builders/arc-lab.ts';

/** Minutes of work, were they not interrupted. */
const LONG_CALLS = [
  ['compare', '--virtual', '--runners', '100000'],
  ['sweep', '--runners', '30000', '--workers', '1,2,3,4,5,6,7,8'],
];

describe('calls of arc-lab in virtual time', () => {
  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    for (const args of LONG_CALLS) {
      it(`${args[0]} hears ${signal} while it computes, and exits with ${expected}`, async () => {
        const { code, stderr } = await arcLab(
          args,
          whenListening((child) => child.kill(signal)),
        );
        assert.equal(code, expected, stderr);
        assert.match(stderr, /^arc-lab: interrupted; the (comparison|sweep) is not complete\n$/);
      });
    }
  }

  it('end at --horizon and say so, in text and as JSON', async () => {
    const args = ['compare', '--virtual', '--job-duration', '5h', '--horizon', '90m'];
    const { code, stdout } = await arcLab(args);
    assert.equal(code, 0);
    assert.match(stdout, /^old: Not quiet: ended at the horizon of 1 h 30 min\.$/m);
    const { results } = JSON.parse((await arcLab([...args, '--json'])).stdout) as { results: { end: unknown }[] };
    assert.deepEqual(results[1]?.end, { kind: 'cut-off', by: 'horizon', afterUs: 5_400_000_000, loops: [] });
    const sweep = await arcLab(['sweep', ...args.slice(2), '--workers', '1,2']);
    assert.equal(sweep.stdout.match(/Not quiet: ended at the horizon of 1 h 30 min\./g)?.length, 4, sweep.stdout);
  });

  it('with pods that are evicted and jobs that end come to an end', async () => {
    for (const pods of ['evicted', 'fails-at-start', 'exits-unregistered']) {
      const args = ['--runners', '1', '--pods', pods, '--job-duration', '10s'];
      assert.equal((await arcLab(['compare', '--virtual', ...args])).code, 0, pods);
      assert.equal((await arcLab(['sweep', ...args])).code, 0, pods);
    }
  });
});

import assert from 'node:assert/strict';
import { arcLab } from '../builders/arc-lab.ts';

const FEW = ['--moments', '4', '--futures', '3'];

describe('arc-lab too-late', function () {
  this.timeout(120_000);

  it('names the event after which no future ends well, and how many did before', async () => {
    const { code, stdout, stderr } = await arcLab(['too-late', '--fail', 'create pods 403 1', ...FEW]);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^(runner-\d) failed for good\. From \S+ on no future ends well: the pass of \1 sends CREATE pods/,
    );
    assert.match(stdout, /3 of 3\n[^]*0 of 3\n/);
  });

  it('takes the first runner that ended badly, and gives the series as JSON', async () => {
    const given = ['--meanwhile', 'delete runner-2 at 100ms', '--mode', 'latest', '--json'];
    const { code, stdout, stderr } = await arcLab(['too-late', ...given, ...FEW]);
    assert.equal(code, 0, stderr);
    const { verdict, fate, point, estimates } = JSON.parse(stdout) as {
      verdict: string;
      fate: { key: string };
      point: { atUs: number };
      estimates: readonly { well: number; of: number }[];
    };
    assert.equal(verdict, 'event', stdout);
    assert.equal(fate.key, 'arc-runners/runner-2');
    assert.equal(point.atUs, 100_000);
    assert.ok(estimates.every(({ of }) => of === 3));
  });

  for (const [name, args, says] of [
    ['an unknown runner', ['--runner', 'runner-9'], /no runner is called "runner-9"; there are runner-1 to runner-3/],
    ['what cannot happen', ['--meanwhile', 'explode at 2s'], /--meanwhile: what happens meanwhile is given as/],
    ['a runner of a scale set', ['--jobs', '3', '--runner', 'runner-1'], /--runner is for runs without --jobs/],
  ] as const) {
    it(`refuses ${name} in one sentence`, async () => {
      const { code, stderr } = await arcLab(['too-late', ...args]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, says);
    });
  }
});

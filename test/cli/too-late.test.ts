import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFaults, type Faults } from '../../src/run/conditions-control.ts';
import { simulate } from '../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import { traceLines } from '../../src/trace/jsonl.ts';
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
    ['an exit code that no process has', ['--meanwhile', 'exit 300 at 1s'], /an exit code is from 0 to 255, not 300/],
    ['a section of no file', ['--section', '2'], /--section chooses among the traces of a file/],
    ['a listener without jobs', ['--listener', 'kill at 1s'], /--listener is for a scale set with --jobs/],
    ['runners beside jobs', ['--jobs', '3', '--runners', '3'], /with --jobs a scale set makes the runners/],
    ['a runner of a scale set', ['--jobs', '3', '--runner', 'runner-1'], /--runner is for runs without --jobs/],
  ] as const) {
    it(`refuses ${name} in one sentence`, async () => {
      const { code, stderr } = await arcLab(['too-late', ...args]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, says);
    });
  }

  it('says which of --meanwhile met no runner or came to nothing', async () => {
    for (const [args, says] of [
      [
        ['--runners', '2', '--pods', 'jobs', '--meanwhile', 'hold runner-99 at 1s'],
        /^"somebody gives runner-99 a finalizer that nobody takes away" at 1\.00 s met no runner: there are runner-1 to runner-2\./m,
      ],
      [
        ['--jobs', '2 at once', '--meanwhile', 'hold runner-1 at 1s'],
        /^"somebody gives runner-1 a finalizer .*" at 1\.00 s met no runner: those of a scale set have names of their own\. Leave the name out\./m,
      ],
      [
        ['--runners', '1', '--pods', 'jobs', '--meanwhile', 'evict runner-1 at 10h'],
        /^"the pod of runner-1 is evicted" at .+ met nothing: nothing of the kind was there\./m,
      ],
      [
        ['--runners', '1', '--horizon', '1m', '--meanwhile', 'evict runner-1 at 10h'],
        /^"the pod of runner-1 is evicted" at .+ did not happen: the run was over\./m,
      ],
    ] as const) {
      const { stderr } = await arcLab(['too-late', '--mode', '0.14.2', ...args, ...FEW]);
      assert.match(stderr, says);
    }
    const { stderr } = await arcLab(['too-late', '--meanwhile', 'delete runner-2 at 1s', ...FEW]);
    assert.doesNotMatch(stderr, /met no/);
  });

  describe('given a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'too-late-'));
    const file = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };
    after(() => rmSync(folder, { recursive: true }));

    it('makes the run of a saved trace again, and finds what calls without a trace find', async () => {
      const settings = { ...DEFAULT_SETTINGS, mode: '0.14.2', podStartUs: 1_000_000 };
      const load = { conditions: parseFaults('create pods 403 1') as Faults };
      const { trace, originUs } = simulate(settings, { load });
      const path = file('run.arctrace.jsonl', [...traceLines(trace, trace.endedUs, originUs)].join(''));
      const fromTrace = await arcLab(['too-late', path, ...FEW]);
      const fromOptions = await arcLab(['too-late', '--mode', '0.14.2', '--fail', 'create pods 403 1', ...FEW]);
      assert.equal(fromTrace.code, 0, fromTrace.stderr);
      assert.equal(fromTrace.stdout, fromOptions.stdout);
    });

    for (const [name, text, says, exitCode] of [
      [
        'a log',
        '2026-01-01T00:00:00Z INFO EphemeralRunner Creating new EphemeralRunner pod',
        /shows what happened, not/,
        1,
      ],
      ['nothing', '', /is no trace of a simulated run/, 1],
      ['a broken trace', '{"type":"header","version":9}\n', /cannot be read as a trace/, 3],
    ] as const) {
      it(`says in one sentence why not: ${name}`, async () => {
        const { code, stderr } = await arcLab(['too-late', file('given', text)]);
        assert.equal(code, exitCode, stderr);
        assert.match(stderr, says);
        assert.equal(stderr.trim().split('\n').length, 1, stderr);
      });
    }

    it('ends with 3 where there is no such file', async () => {
      const { code, stderr } = await arcLab(['too-late', join(folder, 'nosuch.arctrace.jsonl')]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, /cannot be read as a trace/);
    });

    it('refuses options that say which run to make', async () => {
      const { code, stderr } = await arcLab(['too-late', file('given', ''), '--seed', '3']);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /--seed means nothing for a trace/);
    });
  });
});

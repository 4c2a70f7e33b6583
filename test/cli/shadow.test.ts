import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lostText } from '../../src/explain/connection-words.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { hasClientLimitFlags } from '../../src/run/fitting-settings.ts';
import type { MarkEvent, TraceLine } from '../../src/trace/model.ts';
import { arcLab, inFolder } from '../builders/arc-lab.ts';
import { connected, serving as servingWith } from '../builders/serving.ts';
import { skipWithout } from '../builders/skip.ts';
import { missingTerminal, Terminal } from '../builders/terminal.ts';

const LEASE = '/apis/coordination.k8s.io/v1/namespaces/arc-runners/leases/arc-lab';
const CTRL_C = '\u0003';
const MERGE_PATCH = 'application/merge-patch+json';

/** Serves a cluster with runners while `act` runs; gives what that gave. */
async function serving<T>(runners: number, act: (kubeconfig: string, server: ChildProcess) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const kubeconfig = join(folder, 'kubeconfig');
    let acted: Promise<T> | undefined;
    const served = await arcLab(['serve', '--kubeconfig', kubeconfig, '--runners', String(runners), '--pods', 'none'], {
      whenSaid: {
        text: 'Ctrl-C ends',
        act: (child) => {
          acted = act(kubeconfig, child).finally(() => child.kill('SIGINT'));
          acted.catch(() => undefined);
        },
      },
    });
    assert.equal(served.code, 0, served.stderr);
    return (await acted) as T;
  });
}

describe('arc-lab run --apply without a terminal', () => {
  it('prints the checklist and what it would do before it refuses, and changes nothing', async () => {
    const { code, stdout, stderr } = await serving(1, async (kubeconfig) =>
      arcLab(['run', '--apply', '--kubeconfig', kubeconfig, '--context', 'arc-lab']),
    );
    assert.match(stdout, /^✓ API server: /m);
    assert.match(stdout, /^Where +namespace arc-runners: 1 EphemeralRunner now/m);
    assert.equal(
      stderr,
      'arc-lab: --apply changes the cluster: repeat with --yes if that is meant; nothing was changed\n',
    );
    assert.equal(code, 2);
  });
});

describe('arc-lab run --apply that loses its lease', () => {
  it('stops, says what it had done, and says why and how to go on', async () => {
    const { code, stdout, stderr } = await serving(1, (kubeconfig) =>
      connected(kubeconfig, (api) =>
        arcLab(['run', '--apply', '--yes', '--kubeconfig', kubeconfig, '--context', 'arc-lab'], {
          whenSaid: {
            text: 'Ctrl-C ends',
            act: () => void api.json('PATCH', LEASE, { spec: { holderIdentity: 'somebody-else' } }, MERGE_PATCH),
          },
        }),
      ),
    );
    assert.match(
      stderr,
      /^arc-lab: Stopped writing to arc-lab: the lease is somebody-else’s now\. Repeat the command to continue: .*\n$/,
    );
    assert.match(stdout, /\d+ passes \(.*pods? made/);
    assert.equal(code, 1);
  });
});

describe('the line about a lost connection', () => {
  it('says since when, and no time where that would be 0 s', () => {
    const lost = { state: 'lost', sinceMs: 1_000, error: 'no answer within 4 s' } as const;
    const text = (nowMs: number): string => lostText('prod', lost, nowMs);
    assert.equal(text(1_999), 'Connection to prod lost (no answer within 4 s); trying again every 5 s.');
    assert.equal(text(10_000), 'Connection to prod lost 9 s ago (no answer within 4 s); trying again every 5 s.');
  });
});

describe('arc-lab run where there is nothing to reconcile', () => {
  const wrong: [title: string, options: string[], expected: number, said: RegExp][] = [
    [
      'a namespace that does not exist',
      ['--namespace', 'nosuch'],
      1,
      /namespace nosuch does not exist on arc-lab; EphemeralRunners are in arc-runners$/m,
    ],
    [
      'a runner set that has no runner',
      ['--runner-set', 'nosuch'],
      1,
      /there is no EphemeralRunner of runner set nosuch in namespace arc-runners of arc-lab$/m,
    ],
    [
      'labels that no runner has',
      ['--selector', 'app=nosuch'],
      1,
      /there is no EphemeralRunner with labels app=nosuch in namespace arc-runners of arc-lab$/m,
    ],
    [
      'an empty namespace',
      ['--namespace', 'default'],
      0,
      /there is no EphemeralRunner in namespace default of arc-lab$/m,
    ],
  ];
  it('says so: a namespace that does not exist, a runner set or labels without runners, an empty namespace', async () => {
    await serving(1, async (kubeconfig) => {
      for (const [title, options, expected, said] of wrong) {
        const { code, stdout, stderr } = await arcLab(['run', '--kubeconfig', kubeconfig, '--until-idle', ...options]);
        assert.match(stdout + stderr, said, title);
        assert.equal(code, expected, `${title}: ${stderr}`);
      }
      const applied = ['run', '--kubeconfig', kubeconfig, '--context', 'arc-lab', '--apply', '--yes', '-n', 'nosuch'];
      const { code, stderr } = await arcLab(applied);
      assert.match(
        stderr,
        /^arc-lab: namespace nosuch does not exist on arc-lab; EphemeralRunners are in arc-runners\n$/,
      );
      assert.equal(code, 1);
    });
  });

  it('says so and waits for runners without --until-idle', async () => {
    const { code, stdout } = await serving(1, (kubeconfig) =>
      arcLab(['run', '--kubeconfig', kubeconfig, '--namespace', 'default'], {
        whenSaid: { text: 'there is no EphemeralRunner', act: (child) => child.kill('SIGINT') },
      }),
    );
    assert.match(
      stdout,
      /^there is no EphemeralRunner in namespace default of arc-lab yet; arc-lab reconciles runners only, and ARC's own controllers/m,
    );
    assert.equal(code, 0);
  });

  it('says nothing worse to those who may not look at namespaces', () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'kubeconfig');
      const user = 'reader=get,list,watch:ephemeralrunners,pods,secrets';
      await servingWith(['--kubeconfig', kubeconfig, '--runners', '1', '--user', user], async () => {
        const args = ['run', '--kubeconfig', kubeconfig, '--context', 'arc-lab-reader', '--until-idle'];
        const { code, stdout, stderr } = await arcLab([...args, '--namespace', 'nosuch']);
        assert.match(stdout, /there is no EphemeralRunner in namespace nosuch of arc-lab-reader$/m);
        assert.equal(code, 0, stderr);
      });
    }));
});

describe('arc-lab run in shadow of a served cluster', () => {
  for (const mode of RELEASES.ids) {
    it(`makes a pod for each of 30 runners in ${mode} mode: none stays behind after its finalizer`, async () => {
      const options = ['--mode', mode, '--until-idle', '--jit-latency', '10ms'];
      if (hasClientLimitFlags(mode)) options.push('--qps', '0');
      const { code, stdout, stderr } = await serving(30, (kubeconfig) =>
        arcLab(['run', '--kubeconfig', kubeconfig, ...options]),
      );
      assert.equal(code, 0, stderr);
      assert.match(stdout, /, 30 pods made\b/);
    });
  }

  it('held, says of each runner what is there, changes nothing and ends where nobody can press Enter', async () => {
    const { code, stdout, stderr } = await serving(11, (kubeconfig) =>
      arcLab(['run', '--held', '--kubeconfig', kubeconfig]),
    );
    assert.equal(code, 0, stderr);
    const lines = stdout.split('\n').filter((line) => line.startsWith('arc-runners/'));
    assert.equal(lines.length, 11);
    assert.match(lines[1] ?? '', /^arc-runners\/runner-2 {3}no status yet, no pod$/);
    assert.ok(!stdout.includes('finalizer'), `something was reconciled:\n${stdout}`);
  });

  it('held on a terminal, waits for Enter and then reconciles', async function () {
    skipWithout(this, missingTerminal);
    await serving(3, async (kubeconfig) => {
      const terminal = new Terminal(['run', '--held', '--kubeconfig', kubeconfig]);
      try {
        await terminal.shows(/held: nothing is reconciled until you press Enter/);
        assert.match(terminal.text, /arc-runners\/runner-3 {2}no status yet, no pod/);
        assert.doesNotMatch(terminal.text, /finalizer/, 'something was reconciled before Enter was pressed');
        terminal.press('\r');
        await terminal.shows(/runner-3 {2}Created ephemeral runner pod/);
        terminal.press(CTRL_C);
        await terminal.shows(/, \d pods? made/);
        await terminal.ended();
      } finally {
        terminal.close();
      }
    });
  });

  it('says in one line that the connection to a server that is frozen is lost, and in another that it is back', async () => {
    const { code, stderr, gaps } = await serving(1, async (kubeconfig, server) => {
      const file = join(dirname(kubeconfig), 'run.arctrace.jsonl');
      const ended = await arcLab(['run', '--kubeconfig', kubeconfig, '--trace', file], {
        whenSaid: {
          text: 'Ctrl-C ends',
          act: (child) => {
            server.kill('SIGSTOP');
            child.stderr?.on('data', (text: string) => {
              if (text.includes('lost')) server.kill('SIGCONT');
              if (text.includes('is back')) child.kill('SIGINT');
            });
          },
        },
      }).finally(() => server.kill('SIGCONT'));
      const events = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as TraceLine);
      return { ...ended, gaps: events.filter((event) => event.type === 'mark' && event.what === 'gap') };
    });
    assert.equal(code, 0, stderr);
    const [gap] = gaps as MarkEvent[];
    assert.ok(gaps.length === 1 && gap !== undefined, 'the trace has one time without a connection');
    assert.ok((gap.until ?? 0) - gap.at >= 4_000_000, `it lasted from ${gap.at} to ${gap.until}`);
    const [lost, back, ...more] = stderr.trim().split('\n');
    assert.match(
      lost ?? '',
      /^arc-lab: Connection to arc-lab lost (?:\d+ s ago )?\(https:.* no answer within 4 s\); trying again every 5 s\.$/,
    );
    assert.match(back ?? '', /^arc-lab: Connection to arc-lab is back after \d+ s\.$/);
    assert.deepEqual(more, []);
  });

  it('is not held where it would write, nor without a cluster to look at', async () => {
    const apply = await arcLab(['run', '--held', '--apply', '--yes', '--context', 'prod']);
    assert.deepEqual([apply.code, apply.stdout], [2, '']);
    assert.match(apply.stderr, /--held only looks and --apply writes/);
    const embedded = await arcLab(['run', '--held']);
    assert.equal(embedded.code, 2);
    assert.match(embedded.stderr, /--held needs a cluster/);
  });
});

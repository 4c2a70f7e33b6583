import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import { arcLab, inFolder, type Finished } from '../builders/arc-lab.ts';
import { freePort } from '../builders/free-port.ts';
import { connected, serving } from '../builders/serving.ts';

const CONFIG_MAPS = '/api/v1/namespaces/arc-runners/configmaps';

describe('arc-lab serve', () => {
  it('writes a kubeconfig for its owner alone, serves with its tokens only, and ends cleanly', () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'kubeconfig');
      // An old one, as kubectl leaves it, that anyone could read.
      const old = 'kind: Config\nclusters: [{ name: arc-lab }]\ncontexts: [{ name: arc-lab }]\n';
      writeFileSync(kubeconfig, old, { mode: 0o644 });
      const finished = await serving(['--kubeconfig', kubeconfig, '--runners', '2'], async () => {
        assert.equal(statSync(kubeconfig).mode & 0o777, 0o600);
        await connected(kubeconfig, async (api) => {
          const runners = await api.json('GET', '/apis/actions.github.com/v1alpha1/ephemeralrunners');
          assert.equal((runners as { items: unknown[] }).items.length, 2);
        });
        const { clusters } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
          clusters: { cluster: { server: string } }[];
        };
        const server = clusters[0]?.cluster.server ?? '';
        assert.match(server, /^https:\/\/127\.0\.0\.1:\d+$/);
      });
      assert.equal(finished.code, 0, finished.stderr);
      const token = (JSON.parse(readFileSync(kubeconfig, 'utf8')) as { users: { user: { token: string } }[] }).users[0]
        ?.user.token;
      assert.ok(token !== undefined && token.length >= 32);
      assert.ok(!`${finished.stdout}${finished.stderr}`.includes(token), 'the token is in the output');
    }));

  it('is reconciled by the command that it prints, as README has it', () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'kubeconfig');
      const run = ['run', '--mode', 'new', '--kubeconfig', kubeconfig, '--context', 'arc-lab', '--apply'];
      const finished = await serving(['--kubeconfig', kubeconfig, '--runners', '2'], async () => {
        const done = await arcLab([...run, '--yes', '--until-idle']);
        assert.equal(done.code, 0, done.stderr);
        await connected(kubeconfig, async (api) => {
          const pods = (await api.json('GET', '/api/v1/namespaces/arc-runners/pods')) as { items: unknown[] };
          assert.equal(pods.items.length, 2);
        });
      });
      assert.ok(finished.stdout.includes(`arc-lab ${run.join(' ')}\n`), finished.stdout);
      const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
      const asWritten = run.join(' ').replace(kubeconfig, 'arc-lab.kubeconfig');
      assert.ok(readme.includes(`npx arc-lab ${asWritten}\n`), `README has no line of ${asWritten}`);
    }));

  it('does not take the kubeconfig from another one that still runs, and takes it once that has ended', () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'kubeconfig');
      await serving(['--kubeconfig', kubeconfig], async () => {
        const text = readFileSync(kubeconfig, 'utf8');
        const second = await arcLab(['serve', '--kubeconfig', kubeconfig]);
        assert.equal(
          second.stderr,
          `arc-lab: ${kubeconfig} is that of another arc-lab serve, which still runs; end that one, or name another file with --kubeconfig\n`,
        );
        assert.deepEqual([second.code, readFileSync(kubeconfig, 'utf8')], [1, text]);
      });
      const after = await serving(['--kubeconfig', kubeconfig], () => Promise.resolve());
      assert.equal(after.code, 0, after.stderr);
    }));

  it('does not wait for another one that is stopped, and says what to do', () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'kubeconfig');
      let second: Finished | undefined;
      await arcLab(['serve', '--kubeconfig', kubeconfig], {
        whenSaid: {
          text: 'Ctrl-C ends',
          act: (child) => {
            child.kill('SIGSTOP');
            void arcLab(['serve', '--kubeconfig', kubeconfig]).then((finished) => {
              second = finished;
              child.kill('SIGKILL');
            });
          },
        },
      });
      assert.equal(second?.code, 1, second?.stderr);
      assert.equal(
        second?.stderr,
        `arc-lab: ${kubeconfig} is that of another arc-lab serve, which takes connections and does not answer: it is stopped or very busy; end its process, or name another file with --kubeconfig\n`,
      );
    }));

  it('leaves alone what is not its own where the kubeconfig goes: of somebody, a manifest, a note, a device', () =>
    inFolder(async (folder) => {
      const ours = { kind: 'Config', clusters: [{ name: 'arc-lab' }], contexts: [{ name: 'arc-lab' }] };
      for (const [name, text] of [
        ['config', 'kind: Config\nclusters: [{ name: prod }]\ncontexts: [{ name: prod }]\n'],
        ['merged', JSON.stringify({ ...ours, clusters: [{ name: 'arc-lab' }, { name: 'prod' }] })],
        ['with-context', JSON.stringify({ ...ours, contexts: [{ name: 'arc-lab' }, { name: 'prod' }] })],
        ['manifest.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n'],
        ['note', 'buy milk: [\n'],
      ] as const) {
        const file = join(folder, name);
        writeFileSync(file, text);
        const { code, stdout, stderr } = await arcLab(['serve', '--kubeconfig', file]);
        assert.equal(
          stderr,
          `arc-lab: ${file} cannot be written: it exists and arc-lab serve has not written it; name another file with --kubeconfig\n`,
        );
        assert.deepEqual([code, stdout, readFileSync(file, 'utf8')], [1, '', text]);
      }
      const device = await arcLab(['serve', '--kubeconfig', '/dev/null']);
      assert.equal(device.stderr, 'arc-lab: /dev/null cannot be written: it is not a file\n');
    }));

  it('keeps its objects in --data between two runs, with their versions', () =>
    inFolder(async (folder) => {
      const args = ['--kubeconfig', join(folder, 'kubeconfig'), '--data', join(folder, 'state.json')];
      const made: unknown[] = [];
      await serving(args, () =>
        connected(join(folder, 'kubeconfig'), async (api) => {
          made.push(await api.json('POST', CONFIG_MAPS, { metadata: { name: 'kept' }, data: { a: 'b' } }));
        }),
      );
      assert.equal(statSync(join(folder, 'state.json')).mode & 0o777, 0o600);
      await serving(args, () =>
        connected(join(folder, 'kubeconfig'), async (api) => {
          assert.deepEqual(await api.json('GET', `${CONFIG_MAPS}/kept`), made[0]);
          const next = await api.json('POST', CONFIG_MAPS, { metadata: { name: 'next' } });
          const versionOf = (object: unknown): number =>
            Number((object as { metadata: { resourceVersion: string } }).metadata.resourceVersion);
          assert.ok(versionOf(next) > versionOf(made[0]), 'versions go on growing');
        }),
      );
    }));

  it('lets a user do what the rights list says and nothing else', () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'kubeconfig');
      const finished = await serving(['--kubeconfig', kubeconfig, '--user', 'viewer=get,list:configmaps'], () =>
        connected(
          kubeconfig,
          async (api) => {
            await api.json('GET', CONFIG_MAPS);
            const forbidden =
              /User "viewer" cannot create resource "configmaps" in API group "" in the namespace "arc-runners"/;
            await assert.rejects(api.json('POST', CONFIG_MAPS, { metadata: { name: 'x' } }), forbidden);
          },
          'arc-lab-viewer',
        ),
      );
      assert.match(finished.stdout, /^user +viewer: kubectl --context arc-lab-viewer$/m);
    }));

  it('becomes slow and fails as arc-lab conditions asks, and recovers', () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'kubeconfig');
      await serving(['--kubeconfig', kubeconfig], async () => {
        const ask = (...args: string[]): Promise<Finished> =>
          arcLab(['conditions', '--kubeconfig', kubeconfig, ...args]);
        const changed = await ask(
          '--api-latency',
          '5ms',
          '--jit-latency',
          '1s',
          '--fail',
          'create configmaps 503 2,generatejitconfig 500',
        );
        assert.equal(changed.code, 0, changed.stderr);
        assert.match(
          changed.stdout,
          /API latency 5\.0 ms, JIT latency 1\.00 s\nthe next 2 of create configmaps: 503\nthe next 1 of generatejitconfig: 500\n$/,
        );
        await connected(kubeconfig, async (api) => {
          for (const name of ['a', 'b']) {
            await assert.rejects(
              api.json('POST', CONFIG_MAPS, { metadata: { name } }),
              (error: unknown) => error instanceof ApiError && error.code === 503,
            );
          }
          await api.json('POST', CONFIG_MAPS, { metadata: { name: 'c' } });
        });
        assert.match(
          (await ask('--api-latency', '0')).stdout,
          /^API latency 0, JIT latency 1\.00 s\nthe next 1 of generatejitconfig: 500\n$/,
        );
        assert.equal((await ask('--api-latency', '7ms', '--fail', 'create pods 500 9')).code, 0);
        const cleared = await ask('--clear');
        assert.equal(cleared.stdout, 'API latency 0, JIT latency 200 ms\n', 'faults or latencies stay');
        const then = await ask('--clear', '--jit-latency', '9ms', '--fail', 'get pods 500');
        assert.match(then.stdout, /^API latency 0, JIT latency 9\.0 ms\nthe next 1 of get pods: 500\n$/);
        assert.equal((await ask('--fail', 'create pods often')).code, 2);
        for (const [fault, says] of [
          ['create podz 500 3', /no such resource: podz; probably pods is meant/],
          ['craete pods 500 3', /no such verb: craete; there are .*\bcreate\b/],
        ] as const) {
          const refused = await ask('--fail', fault);
          assert.equal(refused.code, 2, refused.stdout);
          assert.match(refused.stderr, says);
        }
      });
      const ask = async (...args: string[]): Promise<string> =>
        (await arcLab(['conditions', '--kubeconfig', kubeconfig, ...args])).stderr;
      assert.match(await ask(), /^arc-lab: the conditions could not be read: .*connection refused.*\n$/);
      assert.match(await ask('--clear'), /^arc-lab: the conditions were not changed: .*connection refused.*\n$/);
    }));

  const wrong: [title: string, args: string[], code: number, sentence: RegExp][] = [
    ['an unknown preset', ['--pods', 'chaos'], 2, /unknown preset "chaos" for --pods; there are none, jobs,/],
    ['a folder as data', ['--data', '/tmp'], 1, /: \/tmp cannot be read: it is a folder$/m],
    ['a folder as objects', ['--load', '/tmp'], 1, /: \/tmp cannot be read: it is a folder$/m],
    ['an invalid port', ['--port', '70000'], 2, /--port must be a port from 0 to 65535/],
    ['an invalid list of rights', ['--user', 'viewer'], 2, /--user must look like viewer=get,list,watch:pods/],
    [
      'a name that no namespace has',
      ['--namespace', 'arc-runners,Bad_NS'],
      2,
      /--namespace: "Bad_NS" is no name of a namespace; it has lower case letters, digits and -,/,
    ],
    ['a verb that there is not', ['--user', 'viewer=get,fly:pods'], 2, /--user: no such verb: fly; there are \*, get,/],
    [
      'a kubeconfig that cannot be written',
      ['--kubeconfig', '/proc/kubeconfig'],
      1,
      /\/proc\/kubeconfig cannot be written/,
    ],
  ];
  for (const [title, args, code, sentence] of wrong) {
    it(`${title}: one sentence, exit code ${code}`, () =>
      inFolder(async (folder) => {
        const own = args.includes('--kubeconfig') ? [] : ['--kubeconfig', join(folder, 'k')];
        const finished = await arcLab(['serve', ...own, ...args]);
        assert.match(finished.stderr, sentence);
        assert.equal(finished.stderr.trim().split('\n').length, 1);
        assert.equal(finished.code, code);
      }));
  }

  it('a data file that is not its own, and a port that is taken: one sentence, and the file stays as it was', () =>
    inFolder(async (folder) => {
      const data = join(folder, 'notes.json');
      writeFileSync(data, '{"my":"notes"}');
      const kubeconfig = join(folder, 'kubeconfig');
      const refused = await arcLab(['serve', '--kubeconfig', kubeconfig, '--data', data]);
      assert.match(
        refused.stderr,
        /notes\.json cannot be read as the state of a cluster: arc-lab serve did not write it/,
      );
      assert.equal(readFileSync(data, 'utf8'), '{"my":"notes"}');
      const port = String(await freePort());
      await serving(['--kubeconfig', kubeconfig, '--port', port], async () => {
        const second = await arcLab(['serve', '--kubeconfig', join(folder, 'second'), '--port', port]);
        assert.match(second.stderr, /the API cannot be served at 127\.0\.0\.1:\d+: the port is in use/);
        assert.equal(second.code, 1);
      });
      assert.ok(existsSync(kubeconfig));
    }));

  it('no cluster to ask for its conditions: one sentence', async () => {
    const finished = await arcLab(['conditions', '--kubeconfig', '/nowhere']);
    assert.match(finished.stderr, /no kubeconfig found at \/nowhere/);
    assert.equal(finished.code, 1);
  });
});

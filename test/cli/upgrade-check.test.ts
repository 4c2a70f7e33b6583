import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import { arcLab, CLI, inFolder, type Finished } from '../builders/arc-lab.ts';
import { connected, serving } from '../builders/serving.ts';
import {
  controller,
  listener,
  NEW_DEFINITIONS,
  pod,
  runner,
  runnerSet,
  scaleSet,
  secret,
} from '../builders/upgrade-objects.ts';

const RUNNERS = '/apis/actions.github.com/v1alpha1/namespaces/arc-runners/ephemeralrunners';
const schema = JSON.parse(
  readFileSync(new URL('../../media/upgrade-check.schema.json', import.meta.url), 'utf8'),
) as object;
const obeysSchema = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
const READS = ['ephemeralrunners', 'ephemeralrunnersets', 'autoscalingrunnersets', 'autoscalinglisteners', 'pods'];

const list = (...items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
const FAILED = runner('a', { failures: { 'uid-1': true } });

describe('arc-lab upgrade-check', () => {
  it('reads what kubectl printed, from files and standard input, as text, JSON and Markdown', () =>
    inFolder(async (folder) => {
      const [objects, controllers] = [join(folder, 'objects.json'), join(folder, 'controller.yaml')];
      writeFileSync(objects, list(FAILED, scaleSet('big', '0.11.0')));
      writeFileSync(controllers, `---\n${JSON.stringify(controller('0.11.0'))}\n`);
      const files = [objects, controllers];
      const { code, stdout, stderr } = await arcLab(['upgrade-check', '--to', '0.14.2', ...files]);
      assert.equal(code, 4, `hazards were found ${stderr}`);
      assert.equal(stderr, '');
      assert.match(stdout, /^Do not upgrade from 0\.11\.0 to 0\.14\.2 as it is: 2 hazards/);
      assert.match(
        stdout,
        /✗ 0\.14\.2 starts no worker.*\n(.*\n)+? {4}EphemeralRunner arc-runners\/a {2}status\.failures/,
      );
      assert.match(
        stdout,
        /^Could not be checked, because what was given has no pods:\n {2}runner containers that ended with 7$/m,
        'kinds that are missing are named, each once',
      );
      assert.equal(stdout.match(/has no customresourcedefinitions/g)?.length, 1, stdout);
      const order = ['#4390: one call', '#4404: a container', '#4191: the secret'].map((text) => stdout.indexOf(text));
      assert.deepEqual(
        order,
        [...order].sort((a, b) => a - b),
        'what changes bursts comes first, then what runners do',
      );
      assert.ok((order[0] ?? -1) > 0, stdout);
      const json = await arcLab(['upgrade-check', '--to', '0.14.2', '--json', ...files]);
      const answer = JSON.parse(json.stdout) as { hazards: { id: string }[] };
      assert.ok(obeysSchema(answer), JSON.stringify(obeysSchema.errors));
      assert.deepEqual(
        answer.hazards.map(({ id }) => id),
        ['failures-type', 'version-label'],
      );
      const markdown = await arcLab(['upgrade-check', '--to', '0.14.2', '--markdown', ...files]);
      assert.match(markdown.stdout, /^\*\*Do not upgrade .*\*\*\n/);
      assert.equal(json.code, 4);
      const { status, stdout: answered } = spawnSync(
        process.execPath,
        [CLI, 'upgrade-check', '--to', '0.11.0', '--from', '0.10.1', '-'],
        { input: list(FAILED) },
      );
      assert.match(
        answered.toString(),
        /Nothing was found against the upgrade from 0\.10\.1 to 0\.11\.0, but not every/,
      );
      assert.equal(status, 5, 'nothing was found, but a runner alone is not everything');
    }));

  it('ends with 0 only where everything was looked at', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'objects.json');
      const everything = [
        ...[
          controller('0.14.0'),
          runner('a', { runnerId: 7 }),
          secret('a'),
          runnerSet('big'),
          scaleSet('big', '0.14.0'),
        ],
        ...[listener('big-754b578d-listener', 'big'), pod('a', { phase: 'Running' }), ...NEW_DEFINITIONS],
      ];
      writeFileSync(file, list(...everything));
      const { code, stdout } = await arcLab(['upgrade-check', '--to', '0.14.2', file]);
      assert.match(stdout, /^✓ Nothing was found against the upgrade from 0\.14\.0 to 0\.14\.2\.\n/);
      assert.equal(code, 0);
      for (const gone of everything.filter(({ kind }) => kind === 'EphemeralRunner' || kind === 'Pod')) {
        writeFileSync(file, list(...everything.filter((one) => one !== gone)));
        const without = await arcLab(['upgrade-check', '--to', '0.14.2', file]);
        assert.match(without.stdout, /^Nothing was found against .*, but not everything could be looked at\.\n/);
        assert.equal(without.code, 5, `without any ${gone.kind}`);
      }
    }));

  it('simulates the burst of a log with the wanted version', async () => {
    const log = new URL('../unit/evidence/logs/burst-300-workers-2-latest.controller.log.gz', import.meta.url).pathname;
    const { stdout, stderr } = await inFolder((folder) => {
      const objects = join(folder, 'objects.json');
      writeFileSync(objects, list(controller('0.14.2')));
      return arcLab(['upgrade-check', '--to', '0.13.1', '--log', log, objects]);
    });
    assert.ok(!stdout.includes('The log given'), 'the log may be of the version that runs');
    const [, before, after] =
      /burst of 300 runners in the log the last pod came after (.+); with 0\.13\.1 it would come after about (\d+ s|\d\.\d s|\d+ min \d+ s), by sim/.exec(
        stdout,
      ) ?? assert.fail(`${stdout}${stderr}`);
    const [beforeS = 0, afterS = 0] = [before, after].map((text) => secondsOf(text ?? ''));
    assert.ok(afterS > 0 && afterS < 0.8 * beforeS, `${before}, then ${after}: without the lock calls overlap`);
  });

  it('simulates nothing where the wanted version wrote the log, and has its last pod when arc-lab why has it', async () => {
    const log = new URL('../unit/evidence/logs/set-100-workers-2-latest.controller.log.gz', import.meta.url).pathname;
    const check = (from: string, to: string) =>
      inFolder((folder) => {
        const objects = join(folder, 'objects.json');
        writeFileSync(objects, list(controller(from)));
        return arcLab(['upgrade-check', '--to', to, '--log', log, objects]);
      });
    const { stdout: why } = await arcLab(['why', log]);
    const [, seen = ''] = /The last pod came after (\d+ s) /.exec(why) ?? assert.fail(why);
    const { stdout } = await check('0.13.1', '0.14.2');
    assert.match(
      stdout,
      new RegExp(
        `^i 0\\.14\\.2 wrote the log, so nothing is simulated\\. In the burst of 100 runners in the log the last pod came after ${seen}\\.$`,
        'm',
      ),
    );
    assert.doesNotMatch(stdout, /by simulation/);
    const back = await check('0.14.2', '0.13.1');
    assert.match(back.stdout, new RegExp(`the last pod came after ${seen}; with 0\\.13\\.1 it would come after about`));
  });

  it('says so where another release than the one that runs wrote the log', async () => {
    const log = new URL('../unit/evidence/logs/burst-300-workers-2-latest.controller.log.gz', import.meta.url).pathname;
    const { stdout, stderr } = await inFolder((folder) => {
      const objects = join(folder, 'objects.json');
      writeFileSync(objects, list(controller('0.12.1'), runner('a')));
      return arcLab(['upgrade-check', '--to', '0.13.1', '--log', log, objects]);
    });
    assert.match(
      stdout,
      /i The log given with --log is of ARC 0\.14.*, but 0\.12\.1 runs; for the effect of this upgrade give a log that 0\.12\.1 has written\./,
      stderr,
    );
  });

  it('says so where what is given as a log is none of a controller', () =>
    inFolder(async (folder) => {
      const objects = join(folder, 'objects.json');
      const log = new URL('../unit/evidence/logs/jobs-3-latest.listener-1.log.gz', import.meta.url).pathname;
      writeFileSync(objects, list(controller('0.14.2'), runner('a')));
      const { stdout, stderr, code } = await arcLab(['upgrade-check', '--to', '0.14.2', '--log', log, objects]);
      assert.match(
        stdout,
        /What was given with --log is no controller's log: no effect on it can be simulated\./,
        stderr,
      );
      assert.equal(code, 5, 'nothing was found against the upgrade, in part of a cluster');
    }));

  it('says in one sentence what is wrong with a call, and shows no stack', () =>
    inFolder(async (folder) => {
      const [noObjects, broken, odd] = ['a.yaml', 'b.yaml', 'c.json'].map((name) => join(folder, name));
      writeFileSync(noObjects as string, 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: a }\n');
      writeFileSync(broken as string, 'kind: [\n');
      const log = join(folder, 'd.log');
      writeFileSync(log, '2026-03-02T12:00:00Z\tINFO\tsetup\tstarting manager\t{"version": "0.12.1"}\n');
      writeFileSync(odd as string, list({ ...FAILED, status: { failures: 'x' } }));
      for (const [args, code, sentence] of [
        [[], 2, /say to which version with --to/],
        [['--to', '0.14.2'], 2, /name a cluster with --context, or files/],
        [['--to', '0.14.2', '--context', 'c', 'file'], 2, /name a cluster or files, not both/],
        [['--to', '0.14.2', '--json', '--markdown', 'f'], 2, /exclude each other/],
        [['--to', 'banana', noObjects], 2, /"banana" is no version of ARC that is known here; versions are/],
        [['--to', '0.14.2', '--from', '0.16.0', noObjects], 2, /"0\.16\.0" is no version of ARC that is known here/],
        [['--to', '1.0', '--context', 'none'], 2, /"1\.0" is no version of ARC that is known here/],
        [['--to', 'Latest', noObjects], 2, /did you mean latest\?/],
        [['--to', '0.14.2', noObjects], 3, /a\.yaml holds no object of ARC; give what kubectl get/],
        [['--to', '0.14.2', broken], 3, /b\.yaml cannot be read: its YAML breaks off in line 2, column 1; give/],
        [['--to', '0.14.2', log], 3, /d\.log cannot be read: it is neither YAML nor JSON .* with --log\n/],
        [['--to', '0.14.2', odd], 3, /c\.json cannot be read: EphemeralRunner a is not as Kubernetes writes it/],
        [['--to', '0.14.2', '/nonexistent'], 3, /\/nonexistent cannot be read/],
        [['--to', '0.14.2', '--kubeconfig', '/nonexistent'], 1, /no kubeconfig found at \/nonexistent/],
      ] as const) {
        const finished = await arcLab(['upgrade-check', ...args.map(String)]);
        assert.equal(finished.code, code, finished.stderr);
        assert.match(finished.stderr, sentence);
        assert.equal(finished.stderr.trim().split('\n').length, 1, finished.stderr);
      }
    }));

  it('reads a cluster without writing to it, and says what the user may not list', () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'kubeconfig');
      const objects = join(folder, 'objects.json');
      const token = { ...secret('b'), stringData: { jitToken: 'very-secret' } };
      writeFileSync(objects, list(controller('0.11.0'), FAILED, runner('b', { runnerId: 7 }), token));
      const user = `reader=list:${READS.join(',')}`;
      const check = (...args: readonly string[]): Promise<Finished> =>
        arcLab(['upgrade-check', '--kubeconfig', kubeconfig, '--to', '0.14.2', ...args]);
      const args = [
        '--kubeconfig',
        kubeconfig,
        '--load',
        objects,
        '--user',
        user,
        '--namespace',
        'arc-runners,arc-systems',
      ];
      const served = await serving([...args, '--without-controllers'], async () => {
        const before = await connected(kubeconfig, runnersOf);
        const all = await check();
        assert.match(all.stdout, /✗ 0\.14\.2 starts no worker: 1 runner has true/, all.stderr);
        assert.match(
          all.stdout,
          /ARC 0\.11\.0 runs \(Deployment arc-gha-rs-controller\); read from the context arc-lab/,
        );
        assert.match(all.stdout, /kubectl --kubeconfig \S+ --context arc-lab -n arc-runners patch ephemeralrunner a/);
        assert.ok(!all.stdout.includes('Could not be checked'), all.stdout);
        assert.ok(!all.stdout.includes('that has no secret'), 'the name of the secret was not read');
        const ofReader = await check('--context', 'arc-lab-reader', '--from', '0.11.0');
        assert.match(ofReader.stdout, /✗ 0\.14\.2 starts no worker/, ofReader.stderr);
        for (const kind of ['secrets', 'deployments', 'customresourcedefinitions']) {
          assert.match(ofReader.stdout, new RegExp(`checked, because the user may not list ${kind}`));
        }
        assert.ok(!`${all.stdout}${ofReader.stdout}`.includes('very-secret'));
        assert.deepEqual(await connected(kubeconfig, runnersOf), before, 'something was written');
      });
      assert.equal(served.code, 0, served.stderr);
    }));
});

/** Of a duration in words. */
function secondsOf(text: string): number {
  const units: Readonly<Record<string, number>> = { min: 60, s: 1, ms: 0.001 };
  return [...text.matchAll(/([\d.]+) (min|ms|s)/g)].reduce(
    (sum, [, value, unit = '']) => sum + Number(value) * (units[unit] ?? 0),
    0,
  );
}

/** With resource versions, which every write changes. */
async function runnersOf(api: ApiTransport): Promise<unknown> {
  return ((await api.json('GET', RUNNERS)) as { items: unknown }).items;
}

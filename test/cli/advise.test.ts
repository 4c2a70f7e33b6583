import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { arcLab, CLI } from '../builders/arc-lab.ts';

const LOGS = fileURLToPath(new URL('../unit/evidence/logs/', import.meta.url));

interface Point {
  readonly settings: { readonly workers: number; readonly qps: number; readonly mode: string };
  readonly lastUs: { readonly median: number; readonly low: number; readonly high: number };
  readonly basis: string;
}

interface AdviceJson {
  readonly now: Point & { readonly limit: { readonly kind: string } };
  readonly found: { readonly best?: Point; readonly runs: number; readonly limit: { readonly kind: string } };
  readonly changes: readonly { readonly flag: string; readonly to: string }[];
  readonly version: string;
  readonly source?: string;
}

describe('arc-lab advise', function () {
  this.timeout(120_000);

  const small = ['advise', '--runners', '20', '--seeds', '4'];

  it('marks what is modelled on the description of a pull request alone', async () => {
    const { stdout, stderr } = await arcLab([...small, '--mode', '0.14.2', '--with', '4673']);
    assert.match(stdout, /with #4664 \(unreleased, from its description\)/, stderr);
    assert.match(stdout, /^0\.14\.2\+4673 was not recorded in full: it is modelled on pull request 4673/m);
  });

  it('says what holds a burst back, what each change does, and gives the patch with its reason', async () => {
    const { code, stdout, stderr } = await arcLab([
      ...small,
      '--mode',
      '0.12.1',
      '--qps',
      '5',
      '--burst',
      '5',
      '--last',
      '8s',
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^0\.12\.1, 20 runners, 2 workers, 5 requests a second \(5 at once\)/);
    assert.match(stdout, /Now the last pod comes after .* The client's bucket for secrets is the limit: \d+ requests/);
    assert.match(stdout, / {2}requests a second 5 → 10 +\d+\.\d+ s sooner +█/);
    assert.match(
      stdout,
      /The least that meets it \(the last pod within 8\.00 s\), after \d+ runs: 2 workers, 20 requests/,
    );
    const patch =
      /# values of the chart gha-runner-scale-set-controller 0\.12\.1\n# from simulations.*docs\/accuracy\.md.*\nflags:\n {2}k8sClientRateLimiterQPS: 20 # was 5: last pod after/;
    assert.match(stdout, patch);
    const page = /^How near simulations come to recorded controllers, and to which: (.+)$/m.exec(stdout)?.[1] ?? '';
    assert.match(readFileSync(page, 'utf8'), /^# How near simulations come/, 'the page that advice names is there');
    assert.match(stdout, /Twice the load \(40 runners\) with \d+ workers?, .*the objective needs/);
    assert.match(stdout, /5 times the load \(100 runners\) with \d+ workers?, /);
  });

  it('says in a sentence why no setting meets an objective', async () => {
    const { code, stdout } = await arcLab([...small, '--mode', '0.14.2', '--p95', '1s']);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /No setting meets it \(95 of 100 pods within 1\.00 s\): calls to the Actions service run one at a time since ARC 0\.14\.0 \(#4390\): 20 calls, 200 ms each, alone take 4\.00 s\./,
    );
    assert.doesNotMatch(stdout, /gha-runner-scale-set-controller/, 'there is nothing to apply');
  });

  it('gives the patch as flags, and all of it as JSON', async () => {
    const call = [...small, '--mode', '0.12.1', '--qps', '5', '--burst', '5', '--last', '8s', '--max-api-rate', '70/s'];
    const flags = await arcLab([...call, '--flags']);
    assert.match(flags.stdout, /\n--k8s-client-rate-limiter-qps=20\n\n/);
    const json = JSON.parse((await arcLab([...call, '--json'])).stdout) as AdviceJson;
    assert.deepEqual(
      json.changes.map(({ flag, to }) => `${flag}=${to}`).filter((change) => change.includes('client')),
      ['--k8s-client-rate-limiter-qps=20'],
      'the rate alone does it',
    );
    assert.ok((json.found.best?.lastUs.median ?? Infinity) <= 8e6);
    assert.deepEqual([json.now.limit.kind, json.now.basis, json.version], ['bucket', 'extrapolated', '0.12.1']);
  });

  it('takes the settings from a log', async () => {
    const log = `${LOGS}burst-100-workers-4-latest.controller.log.gz`;
    const json = JSON.parse((await arcLab(['advise', log, '--seeds', '4', '--json'])).stdout) as AdviceJson;
    assert.equal(json.now.settings.workers, 4);
    assert.equal(json.found.limit.kind, 'lock', 'as arc-lab why finds of the same log');
    assert.match(
      json.source ?? '',
      /^The settings are those that .*\.gz tells; the simulation of them .* the log\. The log fits ARC 0\.14\.2 or later: (0\.14\.2|latest) is assumed, which comes nearest\. --mode says which it is\.$/,
    );
  });

  it('takes the release that --mode names where it may have written the log, and refuses another', async () => {
    const log = `${LOGS}burst-300-workers-2-new.controller.log.gz`;
    const { stdout } = await arcLab(['advise', log, '--mode', '0.12.1', '--seeds', '4', '--json']);
    const json = JSON.parse(stdout) as AdviceJson;
    assert.deepEqual([json.now.settings.mode, json.version], ['0.12.1', '0.12.1']);
    assert.doesNotMatch(json.source ?? '', /assumed/);
    const refused = await arcLab(['advise', log, '--mode', '0.14.2']);
    assert.equal(refused.code, 2);
    assert.equal(
      refused.stderr,
      'arc-lab: 0.14.2 did not write this log, which fits ARC 0.9.3 to 0.12.1: leave out --mode, or name what did\n',
    );
  });

  const withLog = async (name: string, change: (text: string) => string, call: readonly string[] = []) => {
    const folder = mkdtempSync(join(tmpdir(), 'arc-lab-advise-'));
    try {
      const log = join(folder, 'changed.log');
      writeFileSync(log, change(gunzipSync(readFileSync(`${LOGS}${name}.controller.log.gz`)).toString()));
      return await arcLab(['advise', log, '--seeds', '4', ...call]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('says of a log of an unknown release which one stands for it, and gives values of no chart of that version', async () => {
    const { code, stdout, stderr } = await withLog('burst-100-workers-4-latest', (text) =>
      text.replaceAll('"version": "NA"', '"version": "0.16.0"'),
    );
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^ARC 0\.16\.0 is not known here: latest \(main branch of .*\) stands for it, and what 0\.16\.0 changed is not simulated\.$/m,
    );
    assert.match(stdout, /^5 times the load/m);
    assert.doesNotMatch(stdout, /scale-set-controller 0\.16/);
  });

  it('says how far off the nearest simulation is where none is near, and what to do', async () => {
    let line = 0;
    const { code, stderr } = await withLog('burst-100-workers-4-latest', (text) =>
      text.replaceAll(/^(\S+Z)/gm, (time) =>
        new Date(Date.parse(time) + (++line > 1400 ? 60e3 : 0)).toISOString().replace('.000', ''),
      ),
    );
    assert.equal(code, 1, stderr);
    assert.match(
      stderr,
      /comes within 10 % of the burst in the log; the nearest (?:ends|has its median pod) \d+ % (?:sooner|later) than the log\. .*arc-lab why .* give --mode, --runners/,
    );
  });

  it('says which burst of several logs it takes, and which not', async () => {
    const logs = ['burst-300-workers-2-new', 'set-100-workers-2-latest'].map(
      (log) => `${LOGS}${log}.controller.log.gz`,
    );
    const { stdout } = await arcLab(['advise', ...logs, '--seeds', '4', '--json']);
    const { source = '' } = JSON.parse(stdout) as AdviceJson;
    assert.match(source, /^The settings are those of the burst of 100 runners from \S+ to \S+ in \S+set-100-workers-2/);
    assert.match(source, /Not taken: the burst of 300 runners from \S+ to \S+ in \S+burst-300-workers-2-new\S+\. /);
  });

  it('says why no burst of logs can be simulated', async () => {
    const logs = ['burst-300-workers-2-new', 'burst-300-workers-2-latest'].map(
      (log) => `${LOGS}${log}.controller.log.gz`,
    );
    const { code, stderr } = await arcLab(['advise', ...logs]);
    assert.equal(code, 1);
    assert.match(stderr, /^arc-lab: no burst of what was given can be simulated\. Several runners bear the name /);
  });

  it('says of a log on standard input what it is, and that the settings lie within what was recorded', async () => {
    const child = spawn(process.execPath, [CLI, 'advise', '-', '--seeds', '4', '--json'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.stdin.end(readFileSync(`${LOGS}burst-300-workers-2-latest.controller.log.gz`));
    assert.equal(await ended, 0);
    const json = JSON.parse(stdout) as AdviceJson;
    assert.match(json.source ?? '', /^The settings are those that standard input tells; /);
    assert.equal(
      json.now.basis,
      'within',
      'of a release with the lock two workers, calls of 200 ms and 300 runners were',
    );
  });

  for (const [call, sentence] of [
    [['--last', '0'], '--last must be longer than 0'],
    [['--max-api-rate', 'fast'], '--max-api-rate must be a whole number, not "fast"'],
    [['--seeds', '3'], '--seeds must be at least 4, not 3'],
    [['--modes', 'new'], 'unknown option --modes; did you mean --mode?'],
    [['a.log', '--runners', '3'], '--runners is taken from the log; leave it out, or leave out the log'],
  ] as const) {
    it(`rejects ${call.join(' ')}`, async () => {
      const { code, stderr } = await arcLab(['advise', ...call]);
      assert.equal(code, 2);
      assert.ok(stderr.startsWith(`arc-lab: ${sentence}`), stderr);
    });
  }

  it('ends at once when it is interrupted', async () => {
    const child = spawn(process.execPath, [CLI, 'advise', '--runners', '20000'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    // Long enough for it to listen to signals; what it has to do takes minutes.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    child.kill('SIGINT');
    assert.equal(await ended, 130);
    assert.match(stderr, /arc-lab: interrupted; the advice is not complete\n$/);
  });
});

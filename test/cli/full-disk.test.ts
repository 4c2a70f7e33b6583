import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseTrace } from '../../src/trace/jsonl.ts';
import { arcLab, inFolder } from '../builders/arc-lab.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const RUN = ['run', '--until-idle', '--runners', '12', '--jit-latency', '1ms'];

describe('arc-lab where a file takes no more', () => {
  it('run: the trace ends with a sentence, and the run goes on to its end', async () => {
    const { code, stdout, stderr } = await arcLab([...RUN, '--trace', '/dev/full']);
    const sentence =
      'the trace /dev/full cannot be written any more: the disk is full; tracing has stopped, the run goes on';
    assert.equal(stderr, `arc-lab: ${sentence}\n`);
    assert.equal(code, 0);
    assert.match(stdout, / 12 pods made\n$/);
  });

  it('run: the trace has whole lines when a part of one found room', () =>
    inFolder(async (folder) => {
      const trace = join(folder, 'cut.arctrace.jsonl');
      const limited = 'ulimit -f 8; exec "$@"';
      const { stdout, stderr } = await promisify(execFile)('sh', [
        '-c',
        limited,
        'sh',
        process.execPath,
        CLI,
        ...RUN,
        '--trace',
        trace,
      ]);
      assert.match(stderr, /cut\.arctrace\.jsonl cannot be written any more: it has reached the largest size/);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.match(stdout, / 12 pods made\n$/);
      assert.ok(statSync(trace).size > 1_000, 'nothing is left of the trace');
      assert.ok(readFileSync(trace, 'utf8').endsWith('\n'), 'the last line is cut');
      parseTrace(readFileSync(trace, 'utf8'));
    }));

  for (const option of ['--html', '--trace']) {
    it(`compare ${option}: the figures come all the same, and one sentence says what was not written`, async () => {
      const args = ['compare', '--virtual', '--runners', '3', option, '/dev/full'];
      const text = await arcLab(args);
      assert.equal(text.stderr, 'arc-lab: /dev/full cannot be written: the disk is full\n');
      assert.equal(text.code, 1);
      assert.match(text.stdout, /new made the first pod/);
      const json = await arcLab([...args, '--json']);
      assert.equal(json.code, 1);
      assert.equal((JSON.parse(json.stdout) as { results: unknown[] }).results.length, 2);
    });
  }

  it('what it prints: exit code 1 and one sentence, and nothing but the exit code where that cannot be printed either', () => {
    const into = (redirections: string, args: readonly string[]): { status: number | null; stderr: string } =>
      spawnSync('sh', ['-c', `exec "$@" ${redirections}`, 'sh', process.execPath, CLI, ...args], { encoding: 'utf8' });
    for (const args of [['compare', '--virtual', '--runners', '1'], RUN, ['sweep']]) {
      const { status, stderr } = into('>/dev/full', args);
      assert.equal(stderr, 'arc-lab: the output cannot be written: the disk is full\n', args[0]);
      assert.equal(status, 1, args[0]);
    }
    const silent = into('2>/dev/full', [...RUN, '--trace', '/dev/full']);
    assert.equal(silent.status, 0, 'the trace and its sentence are lost, not the run');
  });

  it('a pipe that is closed early ends the call as Ctrl-C does, without a failure', () => {
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', 'set -o pipefail; "$@" | head -1', 'bash', process.execPath, CLI, 'run', '--runners', '20'],
      { encoding: 'utf8' },
    );
    assert.deepEqual([status, stderr], [0, '']);
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../builders/vscode/hook.ts';
import { Uri } from '../../builders/vscode/interface.ts';
import type { LogInput } from '../../../src/extension/log-inputs.ts';

const { inputsAt } = await import('../../../src/extension/log-inputs.ts');

async function named(...paths: string[]): Promise<Map<string, LogInput>> {
  const inputs = await inputsAt(paths.map((path) => new Uri(path)) as unknown as Parameters<typeof inputsAt>[0]);
  return new Map(inputs.map((input) => [input.name, input]));
}

async function textOf(input: LogInput | undefined): Promise<string> {
  let text = '';
  for await (const piece of input?.bytes ?? []) text += Buffer.from(piece).toString();
  return text;
}

describe('what is opened as logs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-inputs-'));
  before(() => {
    mkdirSync(join(folder, 'dump', 'inner'), { recursive: true });
    writeFileSync(join(folder, 'dump', 'controller.log'), 'one\n');
    writeFileSync(join(folder, 'dump', 'inner', 'listener.log'), 'two\n');
    execFileSync('tar', ['-czf', join(folder, 'dump.tar.gz'), '-C', folder, 'dump']);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('of a folder are its files, each with its place', async () => {
    const inputs = await named(join(folder, 'dump'));
    assert.deepEqual([...inputs.keys()].sort(), ['controller.log', 'listener.log']);
    assert.equal(inputs.get('listener.log')?.uri?.path, join(folder, 'dump', 'inner', 'listener.log'));
    assert.equal(await textOf(inputs.get('listener.log')), 'two\n');
  });

  it('of an archive are the files in it, which have no place of their own', async () => {
    const inputs = await named(join(folder, 'dump.tar.gz'));
    assert.deepEqual([...inputs.keys()].sort(), ['controller.log', 'listener.log']);
    assert.equal(await textOf(inputs.get('controller.log')), 'one\n');
    assert.deepEqual(
      [...inputs.values()].map(({ uri }) => uri),
      [undefined, undefined],
    );
  });

  it('is a file with the place that was given', async () => {
    const path = join(folder, 'dump', 'controller.log');
    const inputs = await named(path);
    assert.equal(inputs.get('controller.log')?.uri?.path, path);
  });
});

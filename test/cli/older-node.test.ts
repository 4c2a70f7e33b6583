import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arcLab, inFolder, whenListening } from '../builders/arc-lab.ts';
import { newerNode } from '../../src/cli/newer-node.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A Node.js of the machine that is older than what reading kubeconfigs needs. */
function olderNode(): string | undefined {
  return ['/usr/local/bin/node', '/usr/bin/node'].find((path) => {
    if (!existsSync(path)) return false;
    const [major = 0, minor = 0] = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' })
      .split('.')
      .map(Number);
    return major >= 20 && (major < 22 || (major === 22 && minor < 15));
  });
}

describe('arc-lab with a Node.js older than 22.15', () => {
  it('has another one to go on with, and a newer one none', () => {
    for (const version of ['20.0.0', '22.14.9']) assert.ok(existsSync(newerNode(version) ?? ''), version);
    for (const version of ['22.15.0', '23.0.0', '24.1.0']) assert.equal(newerNode(version), undefined, version);
  });

  const node = olderNode();
  // The rest can be tried where there is such a Node.js.
  if (node === undefined) return;

  it('goes on with the one that npm has installed: kubeconfigs are read, and the exit code is the same', async () => {
    const { code, stderr } = await arcLab(['run', '--kubeconfig', '/nowhere'], { node });
    assert.match(stderr, /kubeconfig .*\/nowhere/);
    assert.equal(code, 1);
    assert.equal((await arcLab(['compare', '--colour'], { node })).code, 2);
  });

  it('is interrupted through it', async () => {
    const ending = whenListening((child) => child.kill('SIGTERM'));
    const { code } = await arcLab(['compare', '--virtual', '--runners', '100000'], { node, ...ending });
    assert.equal(code, 143);
  });

  it('ends when it is killed, and leaves no run behind', async () => {
    const { code, stdout } = await arcLab(['run', '--jit-latency', '1ms'], {
      node,
      whenSaid: { text: 'pod', act: (child) => child.kill('SIGKILL') },
    });
    // It is closed, and this reached, once nobody prints any more.
    assert.equal(code, null);
    assert.match(stdout, / pods made(; .*)?\n$/, 'the run was not ended in good order');
  });

  it('says in one sentence what to do where there is no other, and does without it what it can', () => {
    return inFolder(async (folder) => {
      cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      const cli = join(folder, 'dist', 'cli.js');
      const { code, stderr } = await arcLab(['run', '--kubeconfig', '/nowhere'], { node, cli });
      assert.match(
        stderr,
        /^arc-lab: reading a kubeconfig needs Node\.js 22\.15 or later; this is v2\d.*: npm ci .*\n$/,
      );
      assert.equal(code, 1);
      assert.equal((await arcLab(['compare', '--virtual', '--runners', '1'], { node, cli })).code, 0);
    });
  });
});

describe('the build', () => {
  it('ends npm ci, so that npx finds arc-lab', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    assert.deepEqual({ ...scripts, prepare: 'npm run --silent build' }, scripts);
  });

  it('leaves the package for VS Code alone, and nothing else that it has not made', () =>
    inFolder(async (folder) => {
      for (const part of ['src', 'esbuild.mjs', 'package.json', 'tsconfig.json']) {
        cpSync(join(ROOT, part), join(folder, part), { recursive: true });
      }
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      cpSync(join(ROOT, 'dist', 'timeline.css'), join(folder, 'dist', 'old.vsix'), { recursive: true });
      writeFileSync(join(folder, 'dist', 'left-over.js'), '');
      execFileSync(process.execPath, ['--preserve-symlinks', '--preserve-symlinks-main', 'esbuild.mjs'], {
        cwd: folder,
      });
      const files = readdirSync(join(folder, 'dist'));
      assert.ok(files.includes('old.vsix') && files.includes('cli.js'), files.join(' '));
      assert.ok(!files.includes('left-over.js'), 'an old file is left');
    }));
});

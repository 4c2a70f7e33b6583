import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants } from 'node:os';

/** What reading kubeconfigs needs; everything else runs with Node.js 20. */
const NEEDED = [22, 15] as const;
/** Set for a process that was started with another Node.js already. */
const MARK = 'ARC_LAB_NODE';

/** Path of the Node.js that npm has installed beside this program, where the one that runs is older than it needs. */
export function newerNode(version: string = process.versions.node): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]) || process.env[MARK] !== undefined)
    return undefined;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Runs this program again with another Node.js, on the same terminal; resolves with its exit code. */
export function runWith(node: string): Promise<number> {
  const child = spawn(node, process.argv.slice(1), {
    // The channel carries nothing; it breaks when this process ends, however that comes.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [MARK]: node },
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGINT', () => {
    // Ctrl-C on a terminal reaches both by itself, and a second one would end the other at once.
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal])));
  });
}

/** Where this program was started by `runWith`: calls back when the process that did so is gone, even if it was killed. */
export function whenParentEnds(callback: () => void): void {
  if (process.env[MARK] === undefined) return;
  process.once('disconnect', callback);
  // Waiting for that keeps no process alive.
  process.channel?.unref();
}

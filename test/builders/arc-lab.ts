import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A process that has not ended by then is killed, and its exit code is null. */
const PATIENCE_MS = 25_000;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built command line as a user would.
 * @param whenSaid what to do with the process once it has printed a text
 */
export async function arcLab(
  args: readonly string[],
  options: {
    env?: Readonly<Record<string, string>>;
    /** Other than the Node.js that runs the tests, and other than the program that was built for them. */
    node?: string;
    cli?: string;
    whenSaid?: { text: string; act: (child: ReturnType<typeof spawn>) => void };
  } = {},
): Promise<Finished> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...options.env };
  const child = spawn(options.node ?? process.execPath, [options.cli ?? CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  let [stdout, stderr] = ['', ''];
  let acted = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (acted || options.whenSaid === undefined || !stdout.includes(options.whenSaid.text)) return;
    acted = true;
    options.whenSaid.act(child);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const stuck = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(stuck);
  return { code, stdout, stderr };
}

/** Options with which a call that prints nothing while it works says when it has begun to listen to signals. */
export function whenListening(act: (child: ReturnType<typeof spawn>) => void): Parameters<typeof arcLab>[1] {
  const text = 'listening to signals';
  const hook = `process.on('newListener',(name)=>{if(name==='SIGTERM')process.stdout.write('${text}\\n')})`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };
  return { env, whenSaid: { text, act } };
}

/** A folder for a test's files, removed afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-lab-test-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

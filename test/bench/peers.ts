import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { which } from '../apiserver/tools.ts';

const CACHE = fileURLToPath(new URL('../../.cache/peers/', import.meta.url));
const GO = fileURLToPath(new URL('./peers/go/', import.meta.url));
const SIMPY = fileURLToPath(new URL('./peers/simpy/queue_model.py', import.meta.url));

export interface GoPeer {
  readonly 'workqueue-add-get-done-ns': number;
  readonly 'empty-reconcile-ns': number;
}

/** client-go's queue and controller-runtime's loop; a sentence when they cannot be had. */
export function goPeer(): GoPeer | string {
  if (which('go') === undefined) return 'Go is not installed';
  mkdirSync(CACHE, { recursive: true });
  const binary = `${CACHE}peers`;
  execFileSync('go', ['build', '-o', binary, '.'], { cwd: GO, stdio: ['ignore', 'ignore', 'inherit'] });
  return JSON.parse(execFileSync(binary, { stdio: ['ignore', 'pipe', 'ignore'] }).toString()) as GoPeer;
}

/** Passes a second of the queue model in SimPy; a sentence when it cannot be had. */
export function simpyPeer(): number | string {
  if (which('python3') === undefined) return 'Python is not installed';
  const python = `${CACHE}venv/bin/python`;
  if (!existsSync(python)) {
    mkdirSync(CACHE, { recursive: true });
    execFileSync('python3', ['-m', 'venv', `${CACHE}venv`], { stdio: 'ignore' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'simpy==4.1.1'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const output = execFileSync(python, [SIMPY], { stdio: ['ignore', 'pipe', 'inherit'] }).toString();
  return (JSON.parse(output) as { 'passes-per-second': number })['passes-per-second'];
}

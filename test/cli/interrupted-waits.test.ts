import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { arcLab, CLI, inFolder, whenListening } from '../builders/arc-lab.ts';

/** A person who presses Ctrl-C wants the prompt back; a process that waits for an answer of nobody takes a minute. */
const LIMIT_MS = 5_000;

describe('a call of arc-lab that waits', () => {
  let silent: Server;

  /** Takes connections and says nothing, as an API server whose machine is frozen. */
  before(async () => {
    silent = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });

  after(() => silent.close());

  const OF_CLUSTER = ['--kubeconfig', 'KUBECONFIG', '--context', 'arc-lab'];
  const CALLS: Readonly<Record<string, readonly string[]>> = {
    run: ['run', ...OF_CLUSTER],
    'run --apply': ['run', '--apply', '--yes', ...OF_CLUSTER],
    watch: ['watch', ...OF_CLUSTER],
    why: ['why', ...OF_CLUSTER],
    'upgrade-check': ['upgrade-check', '--to', '0.14.2', ...OF_CLUSTER],
    restore: ['restore', ...OF_CLUSTER],
    conditions: ['conditions', '--kubeconfig', 'KUBECONFIG'],
    serve: ['serve', '--kubeconfig', 'KUBECONFIG'],
  };

  for (const [name, args] of Object.entries(CALLS)) {
    it(`for a server that does not answer hears a signal: ${name}`, () =>
      inFolder(async (folder) => {
        const kubeconfig = join(folder, 'kubeconfig');
        writeFileSync(kubeconfig, kubeconfigOf(silent));
        const given = args.map((word) => (word === 'KUBECONFIG' ? kubeconfig : word));
        const connected = new Promise<void>((resolve) => silent.once('connection', () => resolve()));
        let signalledMs = 0;
        const { code, stderr } = await arcLab(
          given,
          whenListening((child) => {
            void connected.then(() => {
              signalledMs = performance.now();
              child.kill('SIGTERM');
            });
          }),
        );
        assert.equal(code, 143, stderr);
        assert.match(stderr, /^arc-lab: interrupted[^\n]*\n$/);
        assert.ok(performance.now() - signalledMs < LIMIT_MS);
      }));
  }

  for (const args of [
    ['why', '-'],
    ['advise', '-', '--last', '10s'],
    ['upgrade-check', '--to', '0.14.2', '-'],
    ['export', '-', '--to', 'csv'],
  ]) {
    it(`for input that does not come hears a signal: ${args[0]}`, async () => {
      const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...whenListening(() => undefined)?.env };
      const child = spawn(process.execPath, [CLI, ...args], { stdio: 'pipe', env });
      let stderr = '';
      child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
      const startedMs = performance.now();
      child.kill('SIGTERM');
      const code = await Promise.race([
        ended,
        new Promise<string>((resolve) => setTimeout(resolve, LIMIT_MS, 'waits')),
      ]);
      if (code === 'waits') child.kill('SIGKILL');
      assert.equal(code, 143, `${code} after ${Math.round(performance.now() - startedMs)} ms: ${stderr}`);
      assert.match(stderr, /^arc-lab: interrupted[^\n]*\n$/);
    });
  }
});

function kubeconfigOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    // Named as by serve, which takes no other file for its own.
    'current-context': 'arc-lab',
    clusters: [{ name: 'arc-lab', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'somebody', user: { token: 'a-token-of-nobody' } }],
    contexts: [{ name: 'arc-lab', context: { cluster: 'arc-lab', user: 'somebody', namespace: 'arc-runners' } }],
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './tools.ts';

/** `arc-lab serve` with a few runners, as its own process. */
export async function serveCluster(kubeconfig: string): Promise<ChildProcess> {
  const flags = ['serve', '--runners', '3', '--pods', 'jobs', '--kubeconfig', kubeconfig];
  const server = spawn(process.execPath, [join(ROOT, 'dist', 'cli.js'), ...flags], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    server.stdout?.on('data', (piece: Buffer) => {
      text += piece.toString();
      if (text.includes('Ctrl-C ends')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`arc-lab serve ended with ${code}`)));
  });
  return server;
}

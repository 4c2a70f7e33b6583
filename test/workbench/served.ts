import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './tools.ts';

/** `arc-lab serve` with a few runners, as its own process, with a folder for its kubeconfig and the lab's notes. */
export class ServedCluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'arc-lab-served-'));
  readonly kubeconfig = join(this.folder, 'config');
  readonly #process: ChildProcess;

  private constructor() {
    const flags = ['serve', '--runners', '3', '--pods', 'jobs', '--kubeconfig', this.kubeconfig];
    this.#process = spawn(process.execPath, [join(ROOT, 'dist', 'cli.js'), ...flags], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  /** Resolves when it serves. */
  static async start(): Promise<ServedCluster> {
    const cluster = new ServedCluster();
    await new Promise<void>((resolve, reject) => {
      let text = '';
      cluster.#process.stdout?.on('data', (piece: Buffer) => {
        text += piece.toString();
        if (text.includes('Ctrl-C ends')) resolve();
      });
      cluster.#process.once('exit', (code) => reject(new Error(`arc-lab serve ended with ${code}`)));
    });
    return cluster;
  }

  /** For a workbench that uses it and nothing else of this machine. */
  get environment(): { readonly KUBECONFIG: string; readonly XDG_STATE_HOME: string } {
    return { KUBECONFIG: this.kubeconfig, XDG_STATE_HOME: this.folder };
  }

  /** It answers nothing until goOn(), as behind a network that is gone. */
  hang(): void {
    this.#process.kill('SIGSTOP');
  }

  goOn(): void {
    this.#process.kill('SIGCONT');
  }

  end(): void {
    this.#process.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

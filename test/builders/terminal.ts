import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CLI } from './arc-lab.ts';

/** Runs a program on a terminal of its own; part of util-linux. */
const SCRIPT = '/usr/bin/script';

export const missingTerminal = existsSync(SCRIPT) ? undefined : `${SCRIPT}, which makes terminals, is not there`;

/** A program on a terminal, and what is on the screen. */
export class Terminal {
  text = '';
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #onText: () => void = () => undefined;

  /** Runs the built command line as a person at a terminal does. */
  constructor(args: readonly string[]) {
    const command = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ');
    this.#process = spawn(SCRIPT, ['--quiet', '--flush', '--command', command, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TERM: 'xterm' },
    });
    this.#ended = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.text += text;
      this.#onText();
    });
  }

  press(keys: string): void {
    this.#process.stdin?.write(keys);
  }

  /** Resolves when the screen shows it; the test's own time limit ends the wait. */
  async shows(pattern: RegExp): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onText = () => {
        if (pattern.test(this.text)) resolve();
      };
      this.#onText();
    });
  }

  async ended(): Promise<void> {
    await this.#ended;
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }
}

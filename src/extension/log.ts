import * as vscode from 'vscode';
import type { SecretRegistry } from '../base/redact.ts';
import type { ControllerHooks } from '../run/manage-runners.ts';

/** At most one line a second about a watch that fails over and over. */
const WATCH_ERROR_EVERY_MS = 1_000;

/** The most lines of controllers a second; more are counted and left out, because the view would not keep up. */
const LINES_A_SECOND = 500;

/** The controllers' log lines in VS Code's log view. */
export class Log implements vscode.Disposable {
  #channel: vscode.LogOutputChannel | undefined;
  #second = 0;
  #lines = 0;

  /** Made when there is something to write or somebody looks: VS Code waits for the extension while it is activated. */
  get channel(): vscode.LogOutputChannel {
    this.#channel ??= vscode.window.createOutputChannel('ARC Reconciler Lab', { log: true });
    return this.#channel;
  }

  dispose(): void {
    this.#channel?.dispose();
  }

  hooksFor(
    name: string,
    secrets: () => SecretRegistry | undefined,
  ): Pick<ControllerHooks, 'onLogLine' | 'onWatchError'> {
    const redact = (text: string): string => secrets()?.redact(text) ?? text;
    let lastErrorMs = 0;
    return {
      onLogLine: ({ level, runner, message, fields }) => {
        if (!this.#hasRoom()) return;
        const details = fields === undefined ? '' : ` ${JSON.stringify(fields)}`;
        const line = redact(`[${name}] ${runner}: ${message}${details}`);
        if (level === 'error') this.channel.error(line);
        else this.channel.info(line);
      },
      onWatchError: (resource, error) => {
        if (Date.now() - lastErrorMs < WATCH_ERROR_EVERY_MS) return;
        lastErrorMs = Date.now();
        this.channel.warn(redact(`[${name}] watching ${resource.plural} failed, trying again: ${error.message}`));
      },
    };
  }

  #hasRoom(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.#second) {
      const omitted = this.#lines - LINES_A_SECOND;
      this.#second = second;
      this.#lines = 0;
      if (omitted > 0) {
        const { t } = vscode.l10n;
        this.channel.warn(
          omitted === 1
            ? t('1 line of the controllers was left out')
            : t('{0} lines of the controllers were left out', omitted),
        );
      }
    }
    return ++this.#lines <= LINES_A_SECOND;
  }
}

import type * as vscode from 'vscode';
import type { SecretRegistry } from '../base/redact.ts';
import type { ControllerHooks } from '../lab/manage-runners.ts';

/** At most one line a second about a watch that fails over and over. */
const WATCH_ERROR_EVERY_MS = 1_000;

/** The controllers' log lines in VS Code's log view. */
export class Log {
  readonly channel: vscode.LogOutputChannel;

  constructor(channel: vscode.LogOutputChannel) {
    this.channel = channel;
  }

  /** @param onTrouble told of every list or watch that fails, however often */
  hooksFor(
    name: string,
    secrets: () => SecretRegistry | undefined,
    onTrouble: (text: string) => void,
  ): Pick<ControllerHooks, 'onLogLine' | 'onWatchError'> {
    const redact = (text: string): string => secrets()?.redact(text) ?? text;
    let lastErrorMs = 0;
    return {
      onLogLine: ({ level, runner, message, fields }) => {
        const details = fields === undefined ? '' : ` ${JSON.stringify(fields)}`;
        const line = redact(`[${name}] ${runner}: ${message}${details}`);
        if (level === 'error') this.channel.error(line);
        else this.channel.info(line);
      },
      onWatchError: (resource, error) => {
        onTrouble(redact(error.message));
        if (Date.now() - lastErrorMs < WATCH_ERROR_EVERY_MS) return;
        lastErrorMs = Date.now();
        this.channel.warn(redact(`[${name}] watching ${resource.plural} failed, trying again: ${error.message}`));
      },
    };
  }
}

import * as vscode from 'vscode';
import { Command } from './ids.ts';
import type { ShownSession } from './run.ts';

/** A message that says that a cluster cannot be reached. */
interface LostMessage {
  readonly sessions: Set<ShownSession>;
  readonly withdraw: () => void;
}

/**
 * Messages about lost connections, one for each cluster. They go by themselves when the connection is back or nobody needs
 * it any more: of VS Code's messages only those of progress can be withdrawn, and these have links in place of buttons.
 */
export class LostMessages {
  readonly #shown = new Map<string, LostMessage>();

  show(session: ShownSession, text: string): void {
    const { where } = session.run;
    const known = this.#shown.get(where);
    if (known !== undefined) {
      known.sessions.add(session);
      return;
    }
    let withdraw = (): void => undefined;
    const until = new Promise<void>((resolve) => (withdraw = resolve));
    this.#shown.set(where, { sessions: new Set([session]), withdraw });
    const reconnect = linkTo(vscode.l10n.t('Reconnect'), Command.reconnect, `lost/${session.id}`);
    const showLog = linkTo(vscode.l10n.t('Show Log'), Command.showLog);
    const title = `${withoutLinks(text)} ${reconnect} · ${showLog}`;
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, (_progress, left) => {
      // Somebody who closes it has read it: it does not come back until the connection is lost again.
      const closed = new Promise<void>((resolve) => void left.onCancellationRequested(() => resolve()));
      return Promise.race([until, closed]);
    });
  }

  /** The session's connection is back, or it needs none any more. */
  withdraw(session: ShownSession): void {
    const { where } = session.run;
    const message = this.#shown.get(where);
    if (message?.sessions.delete(session) !== true || message.sessions.size > 0) return;
    this.#shown.delete(where);
    message.withdraw();
  }
}

function linkTo(label: string, command: string, ...given: readonly unknown[]): string {
  const query = given.length === 0 ? '' : `?${encodeURIComponent(JSON.stringify(given))}`;
  return `[${label}](command:${command}${query})`;
}

/** What a server says may look like a link, and VS Code would make one of it. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

import * as vscode from 'vscode';
import { Command } from './ids.ts';
import type { Sessions } from './sessions.ts';

const REFRESH_MS = 500;

/** While something runs: modes, runners by state and the depth of the queue. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #sessions: Sessions;
  readonly #subscription: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#item = vscode.window.createStatusBarItem('arcReconcilerLab.status', vscode.StatusBarAlignment.Left, 10);
    this.#item.name = 'ARC Reconciler Lab';
    this.#item.command = Command.showTimeline;
    this.#subscription = sessions.onDidChange(() => this.#changed());
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #changed(): void {
    const isLive = this.#sessions.live.length > 0;
    if (isLive) {
      this.#timer ??= setInterval(() => this.#update(), REFRESH_MS);
      this.#update();
      this.#item.show();
    } else {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#item.hide();
    }
  }

  #update(): void {
    const { live } = this.#sessions;
    const texts = live.map(({ settings, lab }) => {
      const { pending, running, failed } = lab.table.index.counts;
      return `${settings.mode}: $(clock) ${pending} $(play) ${running} $(error) ${failed} $(list-ordered) ${lab.manager.controller.queue.length}`;
    });
    this.#item.text = `$(beaker) ${texts.join('  ')}`;
    const words = live.map(({ settings, name, lab }) => {
      const { pending, running, failed } = lab.table.index.counts;
      const depth = lab.manager.controller.queue.length;
      return vscode.l10n.t(
        '{0} ({1}): {2} pending, {3} running, {4} failed; {5} in the queue',
        settings.mode,
        name,
        pending,
        running,
        failed,
        depth,
      );
    });
    this.#item.tooltip = words.join('\n');
    this.#item.accessibilityInformation = { label: words.join('. ') };
  }
}

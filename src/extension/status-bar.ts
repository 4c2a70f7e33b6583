import * as vscode from 'vscode';
import type { CurrentSessions } from './current-sessions.ts';
import { Command } from './ids.ts';
import { isOutOfReach, type ShownSession } from './run.ts';
import type { Sessions } from './sessions.ts';
import { isWatch, labelOf, writesOf } from './session-words.ts';

const REFRESH_MS = 500;

/** While something runs: how far what people look at has come, how much else runs, and whether anything is written. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #sessions: Sessions;
  readonly #current: CurrentSessions;
  readonly #subscription: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(sessions: Sessions, current: CurrentSessions) {
    this.#sessions = sessions;
    this.#current = current;
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
    if (this.#sessions.live.length > 0 || this.#sessions.unreadLoss !== undefined) {
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
    const shown = this.#shown();
    const others = live.length - shown.length;
    const { icon, text, colour } = this.#state(shown);
    const parts = shown.map(({ settings, run }) => `${settings.mode} ${progressOf(run.table)}`);
    if (others > 0) parts.push(others === 1 ? vscode.l10n.t('+1 session') : vscode.l10n.t('+{0} sessions', others));
    this.#item.text = [`$(${icon}) ARC`, text, parts.join(' · ')].filter((part) => part !== '').join(' · ');
    this.#item.backgroundColor = colour && new vscode.ThemeColor(`statusBarItem.${colour}Background`);
    const words = shown.map(wordsOf);
    if (others > 0) words.push(othersText(others));
    this.#item.tooltip = [...(text === '' ? [] : [text]), ...words].join('\n');
    this.#item.accessibilityInformation = { label: [`ARC ${text}`, ...words].join('. ') };
  }

  /** What nobody may overlook comes first, whichever session it is of. */
  #state(shown: readonly ShownSession[]): { icon: string; text: string; colour?: 'error' | 'warning' } {
    const { t } = vscode.l10n;
    const stopped = this.#sessions.unreadLoss;
    if (stopped !== undefined) {
      return { icon: 'error', text: t('stopped writing to {0}', stopped.run.where), colour: 'error' };
    }
    const { live } = this.#sessions;
    const lost = live.find(isOutOfReach);
    if (lost !== undefined) {
      return { icon: 'debug-disconnect', text: t('no connection to {0}', lost.run.where), colour: 'error' };
    }
    const writing = live.find(({ target }) => writesOf(target));
    if (writing !== undefined) {
      return { icon: 'edit', text: t('writes to {0}', writing.run.where), colour: 'warning' };
    }
    return { icon: shown.some(isShadow) ? 'eye' : 'beaker', text: '' };
  }

  /** The live ones of those that people look at, otherwise those of the newest run. */
  #shown(): readonly ShownSession[] {
    const current = this.#current.sessions.filter(({ ended }) => !ended);
    if (current.length > 0) return current;
    const newest = this.#sessions.newestFirst.find(({ ended }) => !ended);
    const run = newest === undefined ? undefined : this.#sessions.runOf(newest);
    return run?.sessions.filter(({ ended }) => !ended) ?? [];
  }
}

/** How many of a session's runners run; where none will any more, what they have come to. */
function progressOf({ index: { counts, size }, gone }: ShownSession['run']['table']): string {
  const { pending, running, succeeded, failed } = counts;
  if (pending + running > 0 || succeeded + failed + gone === 0) return `${running}/${size}`;
  const parts = [
    succeeded > 0 ? vscode.l10n.t('{0} succeeded', succeeded) : '',
    failed > 0 ? vscode.l10n.t('{0} failed', failed) : '',
    gone > 0 ? vscode.l10n.t('{0} gone', gone) : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function isShadow({ target }: ShownSession): boolean {
  return target.kind === 'attached' && !target.apply && !isWatch(target);
}

function wordsOf(session: ShownSession): string {
  const { run } = session;
  const { pending, running, succeeded, failed } = run.table.index.counts;
  const depth = run.queueLength;
  const kind = isShadow(session) ? ` (${vscode.l10n.t('shadow: nothing is written')})` : '';
  return vscode.l10n.t(
    '{0}: {1} pending, {2} running, {3} succeeded, {4} failed; {5} in the queue',
    `${labelOf(session)}${kind}`,
    pending,
    running,
    succeeded,
    failed,
    depth,
  );
}

function othersText(others: number): string {
  const { t } = vscode.l10n;
  return others === 1 ? t('1 more session is live') : t('{0} more sessions are live', others);
}

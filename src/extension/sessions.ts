import * as vscode from 'vscode';
import { messageOf } from '../base/message.ts';
import type { Rest } from '../model/rest.ts';
import { Command } from './ids.ts';
import { LostMessages, withoutLinks } from './lost-messages.ts';
import type { Log } from './log.ts';
import type { Run, ShownSession } from './run.ts';
import { highestNumber } from './run-number.ts';
import { descriptionOf, labelOf } from './session-words.ts';
import { startSession, type RunPlan } from './start-session.ts';
import { explainApart } from './why-apart.ts';
import { translateEngine } from './translate-engine.ts';

/** A cluster that is being attached to. */
export interface Attempt {
  readonly context: string;
  readonly cancel: () => void;
}

/** All runs, in the order in which they were started. */
export class Sessions implements vscode.Disposable {
  readonly #runs: Run[] = [];
  readonly #attempts = new Set<Attempt>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #startedRun = new vscode.EventEmitter<Run>();
  readonly #log: Log;
  readonly #lostMessages = new LostMessages();
  /** Those that have lost the right to write, as long as nobody has answered or closed the message about it. */
  readonly #unread = new Set<ShownSession>();
  #numbered: Promise<void> = Promise.resolve();
  /** The highest number that a run has; those of earlier windows are kept beside the new ones. */
  #lastNumber = 0;

  /** Runs were started, ended or removed, have come to rest, or a cluster is being attached to. */
  readonly onDidChange = this.#changed.event;
  /** A run has been started. */
  readonly onDidStart = this.#startedRun.event;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Runs are numbered on from those of earlier windows, once these are known. */
  numberAfter(kept: Promise<readonly { readonly name: string }[]>): void {
    this.#numbered = kept.then((runs) => {
      this.#lastNumber = Math.max(this.#lastNumber, highestNumber(runs));
    });
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  get attempts(): readonly Attempt[] {
    return [...this.#attempts];
  }

  get all(): readonly ShownSession[] {
    return this.#runs.flatMap(({ sessions }) => sessions);
  }

  /** Sessions of the newest run first; those of one run stay in their order. */
  get newestFirst(): readonly ShownSession[] {
    return [...this.#runs].reverse().flatMap(({ sessions }) => sessions);
  }

  get live(): readonly ShownSession[] {
    return this.all.filter(({ ended }) => !ended);
  }

  /** A session that has lost the right to write, which nobody may have noticed yet. */
  get unreadLoss(): ShownSession | undefined {
    return this.all.find((session) => this.#unread.has(session));
  }

  session(id: string): ShownSession | undefined {
    return this.all.find((session) => session.id === id);
  }

  runOf(session: ShownSession): Run | undefined {
    return this.#runs.find(({ sessions }) => sessions.includes(session));
  }

  run(id: string): Run | undefined {
    return this.#runs.find((run) => run.id === id);
  }

  /**
   * Starts a controller for each of the settings.
   * @throws what attaching throws, CancellationError when the attempt was cancelled; nothing is left running then
   */
  async start(plan: RunPlan): Promise<Run> {
    const { target } = plan;
    if (target.kind === 'embedded') return this.#start(plan);
    const abort = new AbortController();
    const cancel = (): void => abort.abort(new vscode.CancellationError());
    const attempt: Attempt = { context: target.context ?? vscode.l10n.t('the cluster'), cancel };
    this.#attempts.add(attempt);
    this.#changed.fire();
    try {
      return await this.#start(plan, abort.signal);
    } finally {
      this.#attempts.delete(attempt);
      this.#changed.fire();
    }
  }

  /** Ends a session's controller; what it did stays on view. */
  async stop(session: ShownSession): Promise<void> {
    if (session.stopped) return;
    session.stopped = true;
    session.endedUs = session.ended ? session.endedUs : session.run.nowUs();
    session.ended = true;
    this.#lostMessages.withdraw(session);
    await session.run.stop();
    this.#log.channel.info(vscode.l10n.t('Ended: {0}', labelOf(session)));
    this.#changed.fire();
  }

  /** Lets a session that is held begin to reconcile. */
  release(session: ShownSession): void {
    session.run.release();
    this.#changed.fire();
  }

  /** Takes an ended session's run out of the view. */
  remove(session: ShownSession): void {
    const at = this.#runs.findIndex(({ sessions }) => sessions.includes(session));
    const run = this.#runs[at];
    if (run === undefined || run.sessions.some(({ ended }) => !ended)) return;
    this.#runs.splice(at, 1);
    for (const one of run.sessions) void this.stop(one);
    this.#changed.fire();
  }

  /** For when the window closes: what was done to a cluster in order to write to it is undone. */
  async stopWriting(): Promise<void> {
    const writing = this.live.filter(({ target }) => target.kind === 'attached' && target.apply);
    await Promise.all(writing.map((session) => this.stop(session)));
  }

  dispose(): void {
    for (const { cancel } of this.#attempts) cancel();
    for (const session of this.all) void this.stop(session);
    this.#changed.dispose();
    this.#startedRun.dispose();
  }

  async #start({ settings, ...plan }: RunPlan, signal?: AbortSignal): Promise<Run> {
    await translateEngine();
    const { target } = plan;
    await this.#numbered;
    const number = ++this.#lastNumber;
    const where = target.kind === 'embedded' ? 'embedded' : (target.context ?? 'cluster');
    const name = `${where} ${number}`;
    // Ids differ between windows too: they distinguish timelines that come back after a reload.
    const id = `${Date.now().toString(36)}-${number}`;
    const onLost = (session: ShownSession, why: string): void => void this.#leaseLost(session, why);
    const onFailed = (session: ShownSession, sentence: string): void => void this.#failed(session, sentence);
    const onConnection = (session: ShownSession, text: string, isLost: boolean): void =>
      this.#connectionChanged(session, text, isLost);
    const onFull = (session: ShownSession): void => void this.#full(session);
    const sessions: ShownSession[] = [];
    try {
      for (const [index, one] of settings.entries()) {
        const told = { onLost, onFailed, onConnection, onFull };
        const own = { settings: one, id: `${id}-${one.mode}`, name, index, signal, ...told };
        sessions.push(await startSession({ ...plan, ...own }, this.#log));
      }
    } catch (error) {
      await Promise.all(sessions.map((session) => this.stop(session)));
      throw error;
    }
    for (const session of sessions) {
      this.#log.channel.info(vscode.l10n.t('Started: {0}', `${labelOf(session)} · ${descriptionOf(session)}`));
    }
    for (const session of sessions) session.run.watchRest((rest) => this.#rested(session, rest));
    const run: Run = { id, name, sessions };
    this.#runs.push(run);
    this.#changed.fire();
    this.#startedRun.fire(run);
    return run;
  }

  /** The engine of a session that has come to rest stays: what is asked of it then wakes it. */
  #rested(session: ShownSession, rest: Rest | undefined): void {
    if (session.stopped) return;
    session.rest = rest;
    session.ended = rest?.isOver === true;
    session.endedUs = session.run.nowUs();
    this.#changed.fire();
    const run = this.runOf(session);
    if (run === undefined || !session.ended) return;
    void explainApart(run).then(
      (isNew) => isNew && this.#changed.fire(),
      (error: unknown) => this.#log.channel.error(messageOf(error)),
    );
  }

  #connectionChanged(session: ShownSession, text: string, isLost: boolean): void {
    this.#log.channel.warn(text);
    this.#changed.fire();
    if (isLost && !session.ended) this.#lostMessages.show(session, text);
    else this.#lostMessages.withdraw(session);
  }

  async #leaseLost(session: ShownSession, why: string): Promise<void> {
    const { leaseLostText } = await import('../explain/connection-words.ts');
    const text = leaseLostText(session.run.where, why);
    this.#log.channel.error(text);
    const reconnect = vscode.l10n.t('Reconnect');
    this.#unread.add(session);
    const told = this.#tell(text, reconnect);
    await this.stop(session);
    const answer = await told;
    this.#unread.delete(session);
    this.#changed.fire();
    // The checklist is gone through and the question is asked again.
    if (answer === reconnect) await vscode.commands.executeCommand(Command.runAgain, `lease/${session.id}`);
  }

  async #failed(session: ShownSession, sentence: string): Promise<void> {
    const text = `${labelOf(session)}: ${sentence}`;
    this.#log.channel.error(text);
    await this.#tell(text);
  }

  /** A watch goes on in a new one if somebody wants it to; what it has shown stays. */
  async #full(session: ShownSession): Promise<void> {
    if (session.stopped) return;
    await this.stop(session);
    const again = vscode.l10n.t('Watch Again');
    const text = vscode.l10n.t('The timeline of {0} is full, and the watch has ended.', session.run.where);
    const answer = await vscode.window.showInformationMessage(withoutLinks(text), again);
    if (answer === again) await vscode.commands.executeCommand(Command.runAgain, `full/${session.id}`);
  }

  /** A message with a way out; the log is always one. */
  async #tell(text: string, ...actions: readonly string[]): Promise<string | undefined> {
    const showLog = vscode.l10n.t('Show Log');
    const answer = await vscode.window.showErrorMessage(withoutLinks(text), ...actions, showLog);
    if (answer === showLog) this.#log.channel.show();
    return answer;
  }
}

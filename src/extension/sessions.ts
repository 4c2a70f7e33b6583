import * as vscode from 'vscode';
import type { ApplyOptions } from '../lab/apply/apply-guard.ts';
import type { LabSettings } from '../lab/settings.ts';
import type { LabSession, SessionTarget } from '../lab/session.ts';
import type { PassObserver } from '../runtime/observer.ts';
import { metricsAddress } from './configuration.ts';
import type { Log } from './log.ts';
import type { Run, ServedMetrics, ShownSession } from './run.ts';
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
  readonly #log: Log;
  #started = 0;

  /** Runs were started, ended or removed, or a cluster is being attached to. */
  readonly onDidChange = this.#changed.event;

  constructor(log: Log) {
    this.#log = log;
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
   * Starts a controller for each of the settings. The engine is loaded here, when somebody wants to run it.
   * @param apply how to ask for leave to write; for a target that is written to
   * @throws what attaching throws, CancellationError when the attempt was cancelled; nothing is left running then
   */
  async start(
    target: SessionTarget,
    settings: readonly LabSettings[],
    apply?: Omit<ApplyOptions, 'onLost'>,
  ): Promise<Run> {
    if (target.kind === 'embedded') return this.#start(target, settings);
    const abort = new AbortController();
    const cancel = (): void => abort.abort(new vscode.CancellationError());
    const attempt: Attempt = { context: target.context ?? vscode.l10n.t('the cluster'), cancel };
    this.#attempts.add(attempt);
    this.#changed.fire();
    try {
      return await this.#start(target, settings, abort.signal, apply);
    } finally {
      this.#attempts.delete(attempt);
      this.#changed.fire();
    }
  }

  async #start(
    target: SessionTarget,
    settings: readonly LabSettings[],
    signal?: AbortSignal,
    apply?: Omit<ApplyOptions, 'onLost'>,
  ): Promise<Run> {
    const { LabSession: Lab } = await import('../lab/session.ts');
    await translateEngine();
    const number = ++this.#started;
    // Ids differ between windows too: timelines that come back after a reload are told apart by them.
    const unique = Date.now().toString(36);
    const labs: LabSession[] = [];
    const served: (ServedMetrics | undefined)[] = [];
    let shown: readonly ShownSession[] = [];
    try {
      for (const one of settings) {
        const index = labs.length;
        const metrics = await metricsFor(target, index);
        const hooks = this.#log.hooksFor(
          `${number} ${one.mode}`,
          () => labs[index]?.secrets,
          (text) => {
            const session = shown[index];
            if (session !== undefined) session.trouble = { text, atMs: Date.now() };
          },
        );
        const all = { ...hooks, observers: metrics === undefined ? [] : [metrics.observer] };
        const onLost = (why: string): void => {
          const text = vscode.l10n.t('Nothing is written to the cluster any more: {0}.', why);
          void vscode.window.showErrorMessage(text);
          const session = shown[index];
          if (session !== undefined) void this.stop(session);
        };
        const asked = apply === undefined ? undefined : { ...apply, onLost };
        const lab =
          target.kind === 'embedded' ? Lab.embedded(one, all) : await Lab.attach(one, target, all, signal, asked);
        labs.push(lab);
        served.push(await metrics?.serve(lab));
      }
    } catch (error) {
      for (const server of served) server?.close();
      await Promise.all(labs.map((lab) => lab.stop()));
      throw error;
    }
    const where = target.kind === 'embedded' ? 'embedded' : (target.context ?? 'cluster');
    const name = `${where} ${number}`;
    const sessions = labs.map((lab, index): ShownSession => {
      const mode = settings[index]?.mode ?? 'new';
      return {
        id: `${unique}-${number}-${mode}`,
        name,
        settings: settings[index] as LabSettings,
        target,
        lab,
        metrics: served[index],
        ended: false,
        trouble: undefined,
      };
    });
    shown = sessions;
    const run: Run = { id: `${unique}-${number}`, name, sessions };
    this.#runs.push(run);
    this.#changed.fire();
    return run;
  }

  async stop(session: ShownSession): Promise<void> {
    if (session.ended) return;
    session.ended = true;
    session.metrics?.close();
    await session.lab.stop();
    this.#changed.fire();
  }

  /** Takes an ended session's run out of the view. */
  remove(session: ShownSession): void {
    const at = this.#runs.findIndex(({ sessions }) => sessions.includes(session));
    if (at < 0 || this.#runs[at]?.sessions.some(({ ended }) => !ended) === true) return;
    this.#runs.splice(at, 1);
    this.#changed.fire();
  }

  /** For when the window closes: what was done to a cluster in order to write to it is undone. */
  async stopWriting(): Promise<void> {
    const writing = this.live.filter(({ target }) => target.kind === 'attached' && target.apply);
    await Promise.all(writing.map((session) => this.stop(session)));
  }

  dispose(): void {
    for (const { cancel } of this.#attempts) cancel();
    for (const session of this.live) void this.stop(session);
    this.#changed.dispose();
  }
}

interface Metrics {
  readonly observer: PassObserver;
  serve(lab: LabSession): Promise<ServedMetrics>;
}

/** Metrics of a run's session, where the settings want them: each session has a port of its own, the next higher one. */
async function metricsFor(target: SessionTarget, index: number): Promise<Metrics | undefined> {
  const first = metricsAddress();
  if (first === undefined) return undefined;
  const { ControllerMetrics, serveMetrics } = await import('../lab/metrics.ts');
  const observer = new ControllerMetrics(target.kind === 'embedded' ? 'embedded' : 'remote');
  const wanted = { host: first.host, port: first.port === 0 ? 0 : first.port + index };
  return {
    observer,
    async serve({ manager, settings }) {
      observer.observe(manager.controller, settings.workers);
      return { host: wanted.host, ...(await serveMetrics(observer, wanted)) };
    },
  };
}

import { join } from 'node:path';
import * as vscode from 'vscode';
import { Command } from './ids.ts';
import { KeptRuns, type KeptRun } from './kept-runs.ts';
import { infoOf, modeInfo, type Run, type TimelineSource } from './run.ts';
import type { Sessions } from './sessions.ts';
import { titleOf, type TimelinePanels } from './timeline-panels.ts';

/** How often what has happened is written. */
const GROW_MS = 1_000;

/** Runs end with the window; their traces are kept in the workspace's storage, for the tree and for timelines that come back. */
export class KeptTraces implements vscode.Disposable {
  readonly #store: KeptRuns | undefined;
  readonly #sessions: Sessions;
  readonly #log: (text: string) => void;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #begun = new Set<string>();
  readonly #listed: Promise<void>;
  #runs: readonly KeptRun[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `runs` has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(extension: vscode.ExtensionContext, sessions: Sessions, log: (text: string) => void) {
    const folder = extension.storageUri ?? extension.globalStorageUri;
    this.#store = folder.scheme === 'file' ? new KeptRuns(join(folder.fsPath, 'runs')) : undefined;
    this.#sessions = sessions;
    this.#log = log;
    this.#subscriptions.push(
      this.#changed,
      sessions.onDidStart((run) => this.#begin(run)),
      sessions.onDidChange(() => this.#removeGone()),
    );
    this.#listed = this.#list();
  }

  /** Runs of earlier windows, the newest first. */
  get runs(): readonly KeptRun[] {
    return this.#runs;
  }

  /** What a kept run's timeline shows. */
  async sourcesOf(run: KeptRun): Promise<readonly TimelineSource[]> {
    const traces = (await this.#store?.read(run)) ?? [];
    return traces.flatMap((trace, index) => {
      const info = run.sessions[index];
      return info === undefined
        ? []
        : [
            {
              info: { ...info, ...modeInfo(info.mode), kind: 'trace', originUs: trace.originUs } as const,
              trace,
              session: undefined,
            },
          ];
    });
  }

  async open(run: KeptRun, panels: TimelinePanels): Promise<void> {
    const id = timelineId(run);
    if (!panels.bringToFront(id)) panels.showSources(id, run.title, await this.sourcesOf(run));
  }

  async remove(run: KeptRun): Promise<void> {
    await this.#store?.remove(run.id);
    await this.#list();
  }

  /** For when the window closes: most of it has been written. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#store?.end();
  }

  serializer(panels: TimelinePanels): vscode.WebviewPanelSerializer {
    return {
      deserializeWebviewPanel: async (panel, state) => {
        await this.#listed;
        const ids = sessionsOfState(state);
        const run = this.#runs.find(({ sessions }) => sessions.some(({ id }) => ids.includes(id)));
        const sources = run === undefined ? undefined : await this.sourcesOf(run).catch(() => undefined);
        if (run !== undefined && sources !== undefined) panels.adopt(timelineId(run), run.title, panel, sources);
        else {
          const view = panels.adopt(`gone-${ids.join()}`, vscode.l10n.t('Timeline'), panel, []);
          view.notices([
            {
              id: 'not-kept',
              severity: 'info',
              text: vscode.l10n.t('This run was not kept when the window closed.'),
              actions: [{ id: Command.runAgain, label: vscode.l10n.t('Run Again') }],
            },
          ]);
        }
      },
    };
  }

  dispose(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
  }

  async #list(): Promise<void> {
    this.#runs = (await this.#store?.list()) ?? [];
    this.#changed.fire();
  }

  #begin(run: Run): void {
    const store = this.#store;
    if (store === undefined) return;
    const { id, name, sessions } = run;
    this.#begun.add(id);
    const startedMs = Math.min(...sessions.map((session) => session.startedMs));
    const traces = sessions.map((session) => ({
      info: infoOf(session),
      trace: session.lab.trace,
      nowUs: () => session.lab.nowUs(),
    }));
    this.#tell(store.begin({ id, name, title: titleOf(run), startedMs }, traces));
    this.#timer ??= setInterval(() => this.#tell(store.grow()), GROW_MS);
  }

  /** What people take out of the view does not come back. */
  #removeGone(): void {
    for (const id of this.#begun) {
      if (this.#sessions.run(id) !== undefined) continue;
      this.#begun.delete(id);
      if (this.#store !== undefined) this.#tell(this.#store.remove(id));
    }
  }

  /** A full disk is no reason to disturb a run. */
  #tell(work: Promise<void>): void {
    work.catch((error: unknown) => this.#log(`traces cannot be kept: ${String(error)}`));
  }
}

function timelineId({ id }: KeptRun): string {
  return `kept-${id}`;
}

function sessionsOfState(state: unknown): string[] {
  const { sessions } = (state ?? {}) as { sessions?: unknown };
  return Array.isArray(sessions) ? sessions.filter((id) => typeof id === 'string') : [];
}

import * as vscode from 'vscode';
import { Command } from './ids.ts';
import { growingTrace, KeptRuns, type KeptRun } from './kept-runs.ts';
import { kindOf, modeInfo, type Run, type TimelineSource } from './run.ts';
import type { Notice } from '../protocol.ts';
import { runsFolder } from './runs-folder.ts';
import type { Sessions } from './sessions.ts';
import { planOf } from './start-session.ts';
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
    this.#store = folder.scheme === 'file' ? new KeptRuns(runsFolder(folder.fsPath)) : undefined;
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

  /** The same, once they have been looked for. */
  async listed(): Promise<readonly KeptRun[]> {
    await this.#listed;
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
              info: { ...info, ...modeInfo(info.mode), kind: kindOf(trace), originUs: trace.originUs } as const,
              trace,
              session: undefined,
            },
          ];
    });
  }

  async open(run: KeptRun, panels: TimelinePanels): Promise<void> {
    const id = timelineId(run);
    if (panels.bringToFront(id)) return;
    const sources = await this.sourcesOf(run);
    await panels.closeRestored(run.title);
    panels.showSources(id, run.title, sources);
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
        const isThere = run !== undefined && sources !== undefined;
        const view = isThere
          ? panels.adopt(timelineId(run), run.title, panel, sources)
          : panels.adopt(`gone-${ids.join()}`, vscode.l10n.t('Timeline'), panel, []);
        view.notices(lackNotices(sources));
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
    const plan = planOf(sessions);
    this.#begun.add(id);
    const startedMs = Math.min(...sessions.map((session) => session.startedMs));
    this.#tell(store.begin({ id, name, title: titleOf(run), startedMs, plan }, sessions.map(growingTrace)));
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

/** Why a kept run's timeline shows nothing, or not all, and what can be opened instead. */
function lackNotices(sources: readonly TimelineSource[] | undefined): Notice[] {
  const { t } = vscode.l10n;
  const openTrace = { id: Command.openTrace, label: t('Open Trace…') };
  const runAgain = { id: Command.runAgain, label: t('Run Again') };
  const notice = (text: string, ...actions: Notice['actions']): Notice[] => {
    return [{ id: 'not-kept', severity: 'info', text, actions }];
  };
  if (sources === undefined) return notice(t('This run was not saved when the window closed.'), runAgain, openTrace);
  if (sources.every(({ trace }) => trace.length === 0)) {
    const text = t(
      'Nothing of this run has been saved yet: another window with this folder is still saving it, or was closed right after the start.',
    );
    return notice(text, openTrace, runAgain);
  }
  if (sources.every(({ trace }) => trace.endedUs !== undefined)) return [];
  return notice(t('The end of this run is missing: another window is still running it, or was killed.'), openTrace);
}

function timelineId({ id }: KeptRun): string {
  return `kept-${id}`;
}

function sessionsOfState(state: unknown): string[] {
  const { sessions } = (state ?? {}) as { sessions?: unknown };
  return Array.isArray(sessions) ? sessions.filter((id) => typeof id === 'string') : [];
}

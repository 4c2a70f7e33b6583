import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SessionInfo } from '../protocol.ts';
import { infoOf, type Run, type TimelineSource } from './run.ts';
import type { Sessions } from './sessions.ts';
import { titleOf, type TimelinePanels } from './timeline-panels.ts';

interface KeptRun {
  readonly id: string;
  readonly title: string;
  readonly sessions: readonly SessionInfo[];
}

/** Runs whose traces are kept, the newest first. */
const KEPT_RUNS = 4;

/** Runs end with the window; their traces are kept in the workspace's storage for timelines that VS Code restores. */
export class KeptTraces {
  readonly #folder: string | undefined;
  readonly #sessions: Sessions;

  constructor(extension: vscode.ExtensionContext, sessions: Sessions) {
    const folder = extension.storageUri ?? extension.globalStorageUri;
    this.#folder = folder.scheme === 'file' ? join(folder.fsPath, 'runs') : undefined;
    this.#sessions = sessions;
  }

  /** Writes the traces of all runs beside those of the last times. */
  async keep(): Promise<void> {
    const folder = this.#folder;
    if (folder === undefined || this.#sessions.runs.length === 0) return;
    await mkdir(folder, { recursive: true });
    const index = this.#sessions.runs.map((run): KeptRun => {
      const sessions = run.sessions.map((session) => ({ ...infoOf(session), live: false }));
      return { id: run.id, title: titleOf(run), sessions };
    });
    const all = [...index, ...(await this.#index())];
    for (const run of this.#sessions.runs) await this.#write(folder, run);
    await writeFile(join(folder, 'index.json'), JSON.stringify(all.slice(0, KEPT_RUNS)));
    for (const { sessions } of all.slice(KEPT_RUNS)) {
      for (const { id } of sessions) await rm(join(folder, `${id}.arctrace.jsonl`), { force: true });
    }
  }

  serializer(panels: TimelinePanels): vscode.WebviewPanelSerializer {
    return {
      deserializeWebviewPanel: async (panel, state) => {
        const ids = sessionsOfState(state);
        const run = await this.#find(ids);
        if (run === undefined) {
          const title = vscode.l10n.t('Timeline');
          const view = panels.adopt(`gone-${Date.now()}`, title, panel, []);
          view.fail(vscode.l10n.t('The run ended with its window. Start another with ARC: Run Reconciler Locally.'));
          return;
        }
        const { parseTrace } = await import('../trace/jsonl.ts');
        const sources: TimelineSource[] = [];
        for (const info of run.sessions) {
          const text = await readFile(join(this.#folder as string, `${info.id}.arctrace.jsonl`), 'utf8');
          sources.push({ info, trace: parseTrace(text), session: undefined });
        }
        panels.adopt(`kept-${run.id}`, run.title, panel, sources);
      },
    };
  }

  async #write(folder: string, { sessions }: Run): Promise<void> {
    const { traceLines } = await import('../trace/jsonl.ts');
    for (const { id, lab } of sessions) {
      const stream = createWriteStream(join(folder, `${id}.arctrace.jsonl`));
      for (const line of traceLines(lab.trace)) if (!stream.write(line)) await once(stream, 'drain');
      stream.end();
      await once(stream, 'finish');
    }
  }

  async #index(): Promise<readonly KeptRun[]> {
    try {
      return JSON.parse(await readFile(join(this.#folder ?? '', 'index.json'), 'utf8')) as KeptRun[];
    } catch {
      // Nothing was kept, or it was cut short: the page says that its run has ended.
      return [];
    }
  }

  /** The run that a page belonged to. */
  async #find(ids: readonly string[]): Promise<KeptRun | undefined> {
    return (await this.#index()).find(({ sessions }) => sessions.some(({ id }) => ids.includes(id)));
  }
}

function sessionsOfState(state: unknown): string[] {
  const { sessions } = (state ?? {}) as { sessions?: unknown };
  return Array.isArray(sessions) ? sessions.filter((id) => typeof id === 'string') : [];
}

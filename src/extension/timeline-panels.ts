import * as vscode from 'vscode';
import { inWords } from '../base/count-words.ts';
import { Context, PANEL_TYPE } from './ids.ts';
import type { Run, TimelineSource } from './run.ts';
import { sourceOf } from './run.ts';
import { NO_FILTER, type RunnerFilter } from './runner-filter.ts';
import type { Sessions } from './sessions.ts';
import { TimelineView, type TimelineActions } from './timeline-view.ts';
import { createPagePanel, setIcon } from './webview-page.ts';

/** A timeline in an editor: its panel and what feeds it. */
interface OpenTimeline {
  readonly panel: vscode.WebviewPanel;
  readonly view: TimelineView;
}

/** The timelines of runs, one panel for each run. */
export class TimelinePanels implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #actions: TimelineActions;
  readonly #open = new Map<string, OpenTimeline>();
  #filter = NO_FILTER;
  readonly #subscription: vscode.Disposable;
  readonly #activated = new vscode.EventEmitter<TimelineView>();

  /** A timeline has got the focus. */
  readonly onDidActivate = this.#activated.event;

  constructor(extensionUri: vscode.Uri, sessions: Sessions, actions: TimelineActions) {
    this.#extensionUri = extensionUri;
    this.#actions = actions;
    this.#subscription = sessions.onDidChange(() => {
      for (const { view } of this.#open.values()) view.refresh();
    });
  }

  /** The timeline that has the focus, if one has. */
  get active(): TimelineView | undefined {
    return [...this.#open.values()].find(({ panel }) => panel.active)?.view;
  }

  /** Every timeline that is open. */
  get views(): readonly TimelineView[] {
    return [...this.#open.values()].map(({ view }) => view);
  }

  /** The timeline that was opened under an id: a run's own, or another. */
  viewWith(id: string): TimelineView | undefined {
    return this.#open.get(id)?.view;
  }

  /** Shows a run's timeline, beside what is there. */
  show(run: Run, preserveFocus = false): TimelineView {
    const known = this.#open.get(run.id);
    if (known !== undefined) {
      known.panel.reveal(undefined, preserveFocus);
      if (!preserveFocus) this.#activated.fire(known.view);
      return known.view;
    }
    return this.showSources(run.id, titleOf(run), run.sessions.map(sourceOf), preserveFocus);
  }

  /** Brings a timeline to the front; false where it is not open. */
  bringToFront(id: string): boolean {
    const known = this.#open.get(id);
    known?.panel.reveal();
    return known !== undefined;
  }

  /** Brings the timeline that shows a source to the front; undefined where none is open. */
  bringSourceToFront(source: string): TimelineView | undefined {
    const found = [...this.#open.values()].find(({ view }) => view.shows(source));
    found?.panel.reveal();
    return found?.view;
  }

  /** VS Code does not make the timeline of a restored tab before that is looked at; a timeline of it takes its place. */
  async closeRestored(title: string): Promise<void> {
    const restored = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ label, input }) => {
        return label === title && input instanceof vscode.TabInputWebview && input.viewType.endsWith(PANEL_TYPE);
      });
    await vscode.window.tabGroups.close(restored, true);
  }

  showSources(
    id: string,
    title: string,
    sources: readonly TimelineSource[],
    preserveFocus = false,
    viewColumn = vscode.ViewColumn.Active,
  ): TimelineView {
    const panel = createPagePanel(PANEL_TYPE, title, { viewColumn, preserveFocus });
    return this.adopt(id, title, panel, sources);
  }

  /** Takes a panel that VS Code has made, new or from before a reload. */
  adopt(id: string, title: string, panel: vscode.WebviewPanel, sources: readonly TimelineSource[]): TimelineView {
    panel.title = title;
    setIcon(panel, this.#extensionUri);
    const view = new TimelineView(panel.webview, this.#extensionUri, title, sources, this.#actions);
    view.filter(this.#filter);
    this.#open.set(id, { panel, view });
    const setContext = (): void => {
      void vscode.commands.executeCommand('setContext', Context.timeline, this.active !== undefined);
    };
    const seen = (): void => {
      if (panel.active) this.#activated.fire(view);
      setContext();
    };
    panel.onDidChangeViewState(() => {
      seen();
      if (!panel.visible) view.hidden();
    });
    panel.onDidDispose(() => {
      // Of a panel that is gone nothing can be asked.
      this.#open.delete(id);
      view.dispose();
      setContext();
    });
    seen();
    return view;
  }

  /** Shows in the timelines, and in those that will be opened, what the tree's filter lets through. */
  filter(filter: RunnerFilter): void {
    this.#filter = filter;
    for (const { view } of this.#open.values()) view.filter(filter);
  }

  /** Selects a runner where its timeline is on screen. */
  showRunnerIfVisible(session: string, runner: string): void {
    for (const { panel, view } of this.#open.values()) {
      if (panel.visible && view.sources.some(({ info }) => info.id === session)) view.showRunner(session, runner);
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#activated.dispose();
    for (const { panel } of [...this.#open.values()]) panel.dispose();
  }
}

export function titleOf({ name, sessions }: Run): string {
  const modes = inWords(sessions.map(({ settings }) => settings.mode));
  return vscode.l10n.t('Timeline: {0} · {1}', modes, name);
}

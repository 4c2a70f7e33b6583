import * as vscode from 'vscode';
import type { ArcDebugSession } from '../debug-adapter/adapter.ts';
import type { DebugHost, Standing } from '../debug-adapter/host.ts';
import type { DebugCursor, ObjectMoment } from '../protocol.ts';
import type { DebugTarget } from '../run/debug-target.ts';
import { kindOfController } from '../trace/kinds.ts';
import { PANEL_TYPE, TRACE_EDITOR } from './ids.ts';
import { traceSource, type TimelineSource } from './run.ts';
import type { Sessions } from './sessions.ts';
import type { TimelinePanels } from './timeline-panels.ts';
import type { TimelineView } from './timeline-view.ts';
import type { TraceEditor } from './trace-editor.ts';

/** A debug session with the sources of timelines in which it stands. */
interface Debugged {
  readonly adapter: ArcDebugSession;
  /** The source that it was begun from; undefined where it has a timeline of its own. */
  readonly begunFrom: string | undefined;
  /** Where breakpoints were hit, by source. */
  readonly hits: Map<string, ObjectMoment[]>;
  /** Where it stands, or stood last. */
  last?: DebugCursor;
}

/** Shows in timelines where debug sessions stand. One that was not begun from a timeline gets one of its own, beside the sources. */
export class DebugTimelines {
  readonly #sessions: Sessions;
  readonly #panels: TimelinePanels;
  readonly #traces: TraceEditor;
  readonly #debugged = new Map<string, Debugged>();

  constructor(sessions: Sessions, panels: TimelinePanels, traces: TraceEditor) {
    this.#sessions = sessions;
    this.#panels = panels;
    this.#traces = traces;
  }

  /** @param make makes the session's adapter with what is given */
  begin({ id, configuration }: vscode.DebugSession, make: (host: DebugHost) => ArcDebugSession): ArcDebugSession {
    const given: unknown = configuration['__timeline'] ?? this.#sessions.session(String(configuration['session']))?.id;
    const begunFrom = typeof given === 'string' ? given : undefined;
    const isShown = configuration['timeline'] !== false;
    const adapter = make({
      targetOf: (session) => this.#target(session),
      traceOf: (source) => this.#source(source)?.trace,
      stands: (standing) => {
        if (isShown) this.#stands(id, standing);
        return standing.hasSource && isTimelineActive() ? focusTexts() : undefined;
      },
    });
    this.#debugged.set(id, { adapter, begunFrom, hits: new Map() });
    return adapter;
  }

  /** The adapter of a debug session that goes on. */
  adapterOf(session: vscode.DebugSession | undefined): ArcDebugSession | undefined {
    return session === undefined ? undefined : this.#debugged.get(session.id)?.adapter;
  }

  /** The session is over: what it has shown stays, and nothing stands in it. */
  end(id: string): void {
    const debugged = this.#debugged.get(id);
    this.#debugged.delete(id);
    debugged?.adapter.release();
    for (const source of debugged?.hits.keys() ?? []) {
      for (const view of this.#viewsOf(source)) view.cursor(source, null);
    }
  }

  /** Somebody clicked on a bar: the session that stands in its timeline goes there. */
  goTo({ info }: TimelineSource, { object, atUs }: ObjectMoment): void {
    const standing = [...this.#debugged.values()].filter(({ hits }) => hits.has(info.id));
    if (standing.length === 0) return;
    const go = (): void => standing.forEach(({ adapter }) => adapter.goToTime(object, atUs));
    void focusTexts().then(go, go);
  }

  #stands(id: string, standing: Standing): void {
    const debugged = this.#debugged.get(id);
    if (debugged === undefined) return;
    const { recording, moment, isHit } = standing;
    const { key: object, controller } = recording.moments.pass(moment);
    const at: ObjectMoment = { object, kind: kindOfController(controller), atUs: recording.moments.timeUs(moment) };
    const source = debugged.begunFrom ?? this.#ownSource(id, standing);
    // Of futures only one is stood in.
    for (const other of debugged.hits.keys()) {
      if (other !== source) for (const view of this.#viewsOf(other)) view.cursor(other, null);
    }
    const before = debugged.hits.get(source) ?? [];
    const isNew = isHit && !before.some((hit) => hit.atUs === at.atUs && hit.object === at.object);
    const hits = isNew ? [...before, at] : before;
    debugged.hits.set(source, hits);
    const cursor: DebugCursor = { ...at, text: standing.text, hits };
    debugged.last = cursor;
    for (const view of this.#viewsOf(source)) view.cursor(source, cursor);
  }

  /** Each future is a source of the session's own timeline. */
  #ownSource(id: string, { recording, future, hasSource }: Standing): string {
    const { finished, settings } = recording;
    const panel = `debug-${id}`;
    const source = `${panel}#${future}`;
    const view = this.#panels.viewWith(panel);
    if (view?.sources.some(({ info }) => info.id === source) === true) return source;
    const name = future === 0 ? vscode.l10n.t('debugged') : vscode.l10n.t('future {0}', future);
    const shown = traceSource(source, name, finished.trace);
    if (view !== undefined) view.showAlso(shown);
    // A timeline that somebody has closed stays closed.
    else if (this.#debugged.get(id)?.hits.size === 0) {
      const title = vscode.l10n.t('Debugging: {0}', settings.mode);
      whenOpen(hasSource, () => {
        const debugged = this.#debugged.get(id);
        if (debugged === undefined) return;
        const opened = this.#panels.showSources(panel, title, [shown], true, vscode.ViewColumn.Beside);
        if (debugged.last !== undefined) opened.cursor(source, debugged.last);
      });
    }
    return source;
  }

  /** The session that is named, or the newest that runs. */
  #target(id: string | undefined): DebugTarget | string {
    const session = id === undefined ? this.#sessions.live.at(-1) : this.#sessions.session(id);
    if (session === undefined || session.stopped)
      return vscode.l10n.t('There is no running session to attach to: run a reconciler first.');
    return (
      session.run.debugTarget ??
      vscode.l10n.t('This session watches a controller that runs elsewhere: its passes cannot be stopped from here.')
    );
  }

  #source(id: string): TimelineSource | undefined {
    return this.#viewsOf(id)
      .flatMap(({ sources }) => sources)
      .find(({ info }) => info.id === id);
  }

  #viewsOf(source: string): readonly TimelineView[] {
    return [...this.#panels.views, ...this.#traces.views].filter(({ sources }) =>
      sources.some(({ info }) => info.id === source),
    );
  }
}

function isTimelineActive(): boolean {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return (
    (input instanceof vscode.TabInputWebview && input.viewType.endsWith(PANEL_TYPE)) ||
    (input instanceof vscode.TabInputCustom && input.viewType === TRACE_EDITOR)
  );
}

/** VS Code opens a source in the group that has the focus, and would put it over the timeline there: a group of texts gets the focus. */
async function focusTexts(): Promise<void> {
  const { activeTabGroup, all } = vscode.window.tabGroups;
  for (const { viewColumn, activeTab } of [activeTabGroup, ...all]) {
    if (!(activeTab?.input instanceof vscode.TabInputText)) continue;
    await vscode.window.showTextDocument(activeTab.input.uri, { viewColumn });
    return;
  }
}

/** In a window without editors the source would open over what is shown before it, and not beside it: it comes first. */
function whenOpen(hasSource: boolean, show: () => void): void {
  const { tabGroups } = vscode.window;
  if (!hasSource || tabGroups.all.some(({ tabs }) => tabs.length > 0)) {
    show();
    return;
  }
  const waiting = tabGroups.onDidChangeTabs(() => {
    waiting.dispose();
    show();
  });
}

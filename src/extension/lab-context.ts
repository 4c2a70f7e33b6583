import type * as vscode from 'vscode';
import type { Log } from './log.ts';
import type { Manifests } from './manifests.ts';
import type { RunnerTree } from './runner-tree.ts';
import type { Sessions } from './sessions.ts';
import type { TimelinePanels } from './timeline-panels.ts';
import type { TimelineView } from './timeline-view.ts';
import type { TraceEditor } from './trace-editor.ts';

/** The extension's parts, as commands need them. */
export interface LabContext {
  readonly extension: vscode.ExtensionContext;
  readonly sessions: Sessions;
  readonly tree: RunnerTree;
  readonly panels: TimelinePanels;
  readonly traces: TraceEditor;
  readonly manifests: Manifests;
  readonly log: Log;
  /** The timeline that has the focus, in a panel or in a trace's editor. */
  activeTimeline(): TimelineView | undefined;
}

import type * as vscode from 'vscode';
import type { CurrentSessions } from './current-sessions.ts';
import type { EvidenceDocuments } from './evidence-documents.ts';
import type { FindingsTree } from './findings-tree.ts';
import type { KeptTraces } from './kept-traces.ts';
import type { Log } from './log.ts';
import type { Manifests } from './manifests.ts';
import type { RunnerTree } from './runner-tree.ts';
import type { Sessions } from './sessions.ts';
import type { TimelinePanels } from './timeline-panels.ts';
import type { TimelineView } from './timeline-view.ts';
import type { TraceEditor } from './trace-editor.ts';
import type { WhatIfPanels } from './what-if-panels.ts';

/** The extension's parts, as commands need them. */
export interface App {
  readonly extension: vscode.ExtensionContext;
  readonly sessions: Sessions;
  /** Runs of earlier windows. */
  readonly kept: KeptTraces;
  readonly tree: RunnerTree;
  readonly panels: TimelinePanels;
  readonly traces: TraceEditor;
  readonly manifests: Manifests;
  /** What logs say, as documents and as a tree. */
  readonly evidence: EvidenceDocuments;
  readonly findings: FindingsTree;
  readonly whatIf: WhatIfPanels;
  readonly log: Log;
  /** What people turned to last, and commands are meant for. */
  readonly current: CurrentSessions;
  /** The timeline that has the focus, in a panel or in a trace's editor. */
  activeTimeline(): TimelineView | undefined;
}

import type { RunnerCriteria } from '../model/runner-selection.ts';
import type { KeptRun } from './kept-runs.ts';
import type { ShownSession } from './run.ts';
import type { Attempt } from './sessions.ts';

/** What the tree is made of. A node stays the same object for as long as what it stands for is there. */
export interface SessionNode {
  readonly kind: 'session';
  readonly session: ShownSession;
}

/** A cluster that is being attached to. */
export interface AttemptNode {
  readonly kind: 'attempt';
  readonly attempt: Attempt;
}

/** A run of an earlier window. */
export interface KeptNode {
  readonly kind: 'kept';
  readonly run: KeptRun;
}

/** An AutoscalingRunnerSet: above its listener and its sets of runners. */
export interface ScaleSetNode {
  readonly kind: 'scaleSet';
  readonly session: ShownSession;
  readonly key: string;
}

export interface ListenerNode {
  readonly kind: 'listener';
  readonly session: ShownSession;
  readonly key: string;
  readonly parent: ScaleSetNode;
}

/** Something that cannot be shown, and why. */
export interface NoteNode {
  readonly kind: 'note';
  readonly session: ShownSession;
  readonly text: string;
}

export interface GroupNode {
  readonly kind: 'group';
  readonly session: ShownSession;
  /** A group of the runners' index, which is the key of their EphemeralRunnerSet where one owns them, or a state. */
  readonly group: string;
  readonly by: GroupBy;
  /** How many runners are shown before the node that shows more. */
  shown: number;
}

export interface RunnerNode {
  readonly kind: 'runner';
  readonly session: ShownSession;
  readonly key: string;
  readonly parent: GroupNode;
}

/** A line about what a runner is made of. */
export interface PartNode {
  readonly kind: 'part';
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly parent: RunnerNode;
}

export interface MoreNode {
  readonly kind: 'more';
  readonly parent: GroupNode;
  readonly left: number;
}

export type RunnerTreeNode =
  | SessionNode
  | AttemptNode
  | KeptNode
  | ScaleSetNode
  | ListenerNode
  | NoteNode
  | GroupNode
  | RunnerNode
  | PartNode
  | MoreNode;

export type GroupBy = RunnerCriteria['groupBy'];
export type SortBy = RunnerCriteria['sort'];

/** Children of a group that are shown at once. VS Code's tree is slow with many siblings. */
export const PAGE = 500;

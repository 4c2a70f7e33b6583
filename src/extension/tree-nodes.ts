import {
  PAGE,
  type GroupBy,
  type GroupNode,
  type ListenerNode,
  type RunnerNode,
  type RunnerTreeNode,
  type ScaleSetNode,
  type SessionNode,
} from './runner-nodes.ts';
import type { ShownSession } from './run.ts';

/** The tree's nodes that have been shown. VS Code tells nodes apart as objects: each thing has one for as long as it is there. */
export class TreeNodes {
  readonly #sessions = new Map<string, SessionNode>();
  /** Scale sets and listeners. */
  readonly #above = new Map<string, ScaleSetNode | ListenerNode>();
  readonly #groups = new Map<string, GroupNode>();
  readonly #runners = new Map<string, RunnerNode>();

  get sessions(): SessionNode[] {
    return [...this.#sessions.values()];
  }

  session(session: ShownSession): SessionNode {
    let node = this.#sessions.get(session.id);
    if (node === undefined) {
      node = { kind: 'session', session };
      this.#sessions.set(session.id, node);
    }
    return node;
  }

  scaleSet(session: ShownSession, key: string): ScaleSetNode {
    return this.#aboveNode(session, `scale-set/${key}`, () => ({ kind: 'scaleSet', session, key }));
  }

  listener(parent: ScaleSetNode, key: string): ListenerNode {
    const { session } = parent;
    return this.#aboveNode(session, `listener/${key}`, () => ({ kind: 'listener', session, key, parent }));
  }

  group(session: ShownSession, by: GroupBy, group: string): GroupNode {
    const id = `${session.id}/${by}/${group}`;
    let node = this.#groups.get(id);
    if (node === undefined) {
      node = { kind: 'group', session, group, by, shown: PAGE };
      this.#groups.set(id, node);
    }
    return node;
  }

  runner(parent: GroupNode, key: string): RunnerNode {
    const id = `${parent.session.id}/${key}`;
    let node = this.#runners.get(id);
    // A runner in another state is in another group: a new node, as its parent is another one.
    if (node?.parent !== parent) {
      node = { kind: 'runner', session: parent.session, key, parent };
      this.#runners.set(id, node);
    }
    return node;
  }

  /** The node of a runner that has been shown. */
  shownRunner(session: ShownSession, key: string): RunnerNode | undefined {
    return this.#runners.get(`${session.id}/${key}`);
  }

  /** The runners of a session that have been shown. */
  runnersOf(session: ShownSession): RunnerNode[] {
    return [...this.#runners.values()].filter((node) => node.session === session);
  }

  /** What has been shown of a session above its runners. */
  aboveRunnersOf(session: ShownSession): RunnerTreeNode[] {
    return [...this.#above.values(), ...this.#groups.values()].filter((node) => node.session === session);
  }

  /** Runners are in other groups from now on. */
  forgetGroups(): void {
    this.#groups.clear();
    this.#runners.clear();
  }

  /** Forgets all but these sessions. */
  keepSessions(ids: ReadonlySet<string>): void {
    for (const nodes of [this.#sessions, this.#above, this.#groups, this.#runners]) {
      for (const [key, node] of nodes) if (!ids.has(node.session.id)) nodes.delete(key);
    }
  }

  /** Forgets what a session has no more. */
  forgetGone({ id: sessionId, run }: ShownSession): void {
    for (const [id, { session, key }] of this.#runners) {
      if (session.id === sessionId && run.table.index.stateOf(key) === undefined) this.#runners.delete(id);
    }
    for (const [id, { session, kind, key }] of this.#above) {
      const isThere = run.scaleSets.describe(kind === 'listener' ? 'listener' : 'scale-set', key) !== undefined;
      if (session.id === sessionId && !isThere) this.#above.delete(id);
    }
  }

  #aboveNode<T extends ScaleSetNode | ListenerNode>({ id }: ShownSession, name: string, make: () => T): T {
    let node = this.#above.get(`${id}/${name}`) as T | undefined;
    if (node === undefined) this.#above.set(`${id}/${name}`, (node = make()));
    return node;
  }
}

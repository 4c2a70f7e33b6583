import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as vscode from 'vscode';
import '../../builders/vscode/hook.ts';
import { l10n, Uri } from '../../builders/vscode/interface.ts';
import type { activate } from '../../../src/extension/extension.ts';
import type { RunnerNode } from '../../../src/extension/runner-nodes.ts';
import type { RunnerDescription } from '../../../src/model/runner-table.ts';
import { podProblem } from '../../../src/problems/pod-problem.ts';

const { runnerItem } = await import('../../../src/extension/runner-items.ts');

/** Loaded as VS Code does; a copy of its own each time. */
function builtExtension(): { readonly activate: typeof activate } {
  const require = createRequire(import.meta.url);
  const path = fileURLToPath(new URL('../../../dist/extension.cjs', import.meta.url));
  require.cache[path] = undefined;
  return require(path) as { readonly activate: typeof activate };
}

/** The row of a runner that says it is running and whose pod is gone. */
function rowWithoutPod(): RunnerNode {
  const problem = podProblem({ phase: 'Running', pod: 'deleted' }, 0);
  const about = {
    state: 'running',
    waits: '',
    waitsUntilUs: undefined,
    ageUs: 0,
    problem,
  } as Partial<RunnerDescription>;
  const session = { id: 'run-1-new', run: { table: { describe: () => about }, nowUs: () => 0 } };
  return {
    kind: 'runner',
    session,
    key: 'arc-runners/runner-7',
    parent: { by: 'set', group: 'lab' },
  } as unknown as RunnerNode;
}

describe('the row of a runner in the tree', () => {
  it('says in words what Kubernetes has no reason for', () => {
    assert.equal(runnerItem(rowWithoutPod()).description, 'no pod · running');
  });

  it('names the problem in the language of VS Code, in what VS Code loads at once too', () => {
    l10n.bundle = { 'no pod': 'kein Pod' };
    try {
      const subscriptions: vscode.Disposable[] = [];
      const context = { subscriptions, extensionUri: new Uri('/extension'), storageUri: new Uri('/none') };
      const { tree } = builtExtension().activate(context as unknown as vscode.ExtensionContext);
      assert.equal(tree.getTreeItem(rowWithoutPod()).description, 'kein Pod · running');
      for (const subscription of subscriptions) subscription.dispose();
    } finally {
      l10n.bundle = undefined;
    }
  });
});

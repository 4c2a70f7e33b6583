import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import '../../builders/vscode/hook.ts';
import { Uri } from '../../builders/vscode/interface.ts';
import { openInput } from '../../../src/evidence/open-input.ts';
import type { OpenedLogs } from '../../../src/extension/evidence-reader.ts';
import { explainLogs } from '../../../src/report/explain-logs.ts';

const { FindingsTree } = await import('../../../src/extension/findings-tree.ts');

const PASTED = fileURLToPath(new URL('../evidence/pasted/', import.meta.url));

/** @param version of ARC that is to have written it, in place of 0.14.1 */
async function opened(name: string, version = '0.14.1'): Promise<OpenedLogs> {
  const explained = await explainLogs([{ name, bytes: writtenBy(version, openInput(`${PASTED}${name}`)) }]);
  const uri = new Uri(`${PASTED}${name}`) as unknown as ReturnType<OpenedLogs['uris']['get']>;
  return { ...explained, id: name, title: name, uris: new Map(uri === undefined ? [] : [[name, uri]]) };
}

async function* writtenBy(version: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) yield Buffer.from(Buffer.from(piece).toString().replaceAll('0.14.1', version));
}

describe('the tree of findings', () => {
  it('has for each log its findings, and for each of these its lines', async () => {
    const tree = new FindingsTree();
    // One call at a time came later: with more workers others go on.
    const logs = await opened('held-call.log', '0.12.1');
    await tree.add(await opened('removal-refused.log'));
    await tree.add(logs);
    const [first, second] = tree.getChildren();
    assert.equal(first?.opened, logs, 'what was read last stands first');
    assert.equal(second?.opened.title, 'removal-refused.log');
    assert.equal(tree.getTreeItem(first).description, logs.explanation.verdict);
    const findings = tree.getChildren(first);
    const [finding] = findings;
    assert.equal(findings.length, logs.explanation.findings.length);
    assert.ok(finding !== undefined);
    assert.match(
      JSON.stringify(tree.getTreeItem(finding).label),
      /One DELETE call for .* held a worker for 20 min 3 s/,
    );
    assert.deepEqual(tree.getTreeItem(finding).command?.arguments, [finding]);
    const shown = tree.getChildren(finding).filter(({ kind }) => kind === 'line');
    const lines = shown.map((node) => tree.getTreeItem(node).description);
    assert.deepEqual(lines, ['held-call.log:2', 'held-call.log:5', 'held-call.log:6', 'held-call.log:3']);
    const [advice, line] = tree.getChildren(finding);
    assert.ok(advice !== undefined);
    const { description, command } = tree.getTreeItem(advice);
    assert.equal(description, 'flags.runnerMaxConcurrentReconciles');
    assert.deepEqual(command?.arguments, [description], 'what to do leads to the setting that does it');
    const [place] = (line === undefined ? [] : (tree.getTreeItem(line).command?.arguments ?? [])) as Uri[];
    assert.deepEqual([place?.path, place?.fragment], [`${PASTED}held-call.log`, 'L2']);
    tree.dispose();
  });

  it('knows a finding by what it is about, wherever it stands among others of its rule', async () => {
    const tree = new FindingsTree();
    const logs = await opened('held-call.log');
    const [one] = logs.explanation.findings;
    assert.ok(one !== undefined);
    const other = { ...one, runners: ['another'] };
    const idsOf = async (...findings: (typeof one)[]): Promise<Map<unknown, unknown>> => {
      tree.replace({ ...logs, explanation: { ...logs.explanation, findings } });
      const [root] = tree.getChildren();
      const nodes = tree.getChildren(root).filter((node) => node.kind === 'finding');
      return new Map(nodes.map((node) => [node.finding, tree.getTreeItem(node).id]));
    };
    await tree.add(logs);
    const [before, after] = [await idsOf(one, other), await idsOf(other, one)];
    assert.equal(new Set(before.values()).size, 2);
    assert.deepEqual([after.get(one), after.get(other)], [before.get(one), before.get(other)]);
    tree.dispose();
  });

  it('is shown when something was found, with that in view', async () => {
    const tree = new FindingsTree();
    const shown: unknown[] = [];
    Object.defineProperty(tree, 'view', { value: { reveal: (node: unknown) => shown.push(node), dispose: () => 0 } });
    await tree.add(await opened('held-call.log'));
    const [first] = tree.getChildren();
    assert.ok(first !== undefined && shown.length === 1 && shown[0] === first, `${shown.length} shown`);
    tree.dispose();
  });

  it('has a log once, however often it is read', async () => {
    const tree = new FindingsTree();
    await tree.add(await opened('held-call.log'));
    await tree.add(await opened('held-call.log'));
    assert.equal(tree.getChildren().length, 1);
    tree.dispose();
  });
});

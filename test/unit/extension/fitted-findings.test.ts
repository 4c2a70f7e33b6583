import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import '../../builders/vscode/hook.ts';
import { Uri } from '../../builders/vscode/interface.ts';
import { openInput } from '../../../src/evidence/open-input.ts';
import type { OpenedLogs } from '../../../src/extension/evidence-reader.ts';
import type { FindingNode } from '../../../src/extension/findings-tree.ts';
import { placeOfLine } from '../../../src/extension/finding-place.ts';
import { TimelineFeed } from '../../../src/extension/timeline-feed.ts';
import { traceSource } from '../../../src/extension/run.ts';
import { explainLogs } from '../../../src/report/explain-logs.ts';
import { fittedAnswer } from '../../../src/report/fitted-answer.ts';
import { SimulationCancelled } from '../../../src/run/simulation-errors.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';

const { FindingsTree } = await import('../../../src/extension/findings-tree.ts');
const { fittedSource } = await import('../../../src/extension/fit-opened.ts');

const LOGS = fileURLToPath(new URL('../evidence/logs/', import.meta.url));
const NAME = 'set-100-workers-2-latest.controller.log.gz';
/** A fit is some fifty runs, which take seconds. */
const PATIENCE_MS = 120_000;

async function read(): Promise<OpenedLogs> {
  const explained = await explainLogs([{ name: NAME, bytes: openInput(`${LOGS}${NAME}`) }]);
  const uri = new Uri(`${LOGS}${NAME}`) as unknown as NonNullable<ReturnType<OpenedLogs['uris']['get']>>;
  return { ...explained, id: 'a', title: NAME, uris: new Map([[NAME, uri]]) };
}

describe('what would help, in the tree of findings', () => {
  it('has each change with its effect, the error of the run, each setting with what it rests on, and the run below the log', async () => {
    const opened = await read();
    const tree = new FindingsTree();
    await tree.add(opened);
    const [before] = tree.getChildren();
    const kinds = (node: FindingNode | undefined): string[] => tree.getChildren(node).map(({ kind }) => kind);
    assert.ok(!kinds(before).includes('facts'), 'nothing is said before it is known');
    let runs = 0;
    const fitted = await fittedAnswer(opened.explanation, opened.trace, {
      pool: new SimulationPool(0),
      onRun: (count) => (runs = count),
    });
    assert.ok(runs > 10, `${runs} runs`);
    const known = { ...opened, fitted };
    tree.replace(known);
    const [logs] = tree.getChildren();
    const [helps, settings] = tree.getChildren(logs).filter(({ kind }) => kind === 'facts');
    assert.match(
      JSON.stringify(tree.getTreeItem(helps as FindingNode).label),
      /^"What would help, simulated \(the run .*log/,
    );
    const rows = (node: FindingNode | undefined): string[] =>
      tree.getChildren(node).map((child) => {
        const { label, description } = tree.getTreeItem(child);
        assert.ok(typeof label === 'string');
        return `${label} | ${String(description)}`;
      });
    assert.ok(
      rows(helps).some((row) =>
        /^JIT calls of .* ms \| last pod after .* sooner(?: \(.* to .*\))?; no setting does it$/.test(row),
      ),
      rows(helps).join('\n'),
    );
    assert.ok(
      rows(helps).some((row) => /^4 workers instead of 2 \| changes/.test(row)),
      rows(helps).join('\n'),
    );
    assert.ok(
      rows(helps).some((row) => /^No setting of the chart helps: it is the lock since ARC 0\.14/.test(row)),
      rows(helps).join('\n'),
    );
    assert.ok(rows(settings).includes('Workers: 2 | a line of the log says it'), rows(settings).join('\n'));
    assert.ok(
      rows(settings).some((row) => /^JIT call: \d+ ms \| the times of the lines; the log allows \d+ to \d+$/.test(row)),
      rows(settings).join('\n'),
    );
    assert.match(fitted.text, /What would help/);

    const source = fittedSource(known);
    assert.ok(source !== undefined && opened.trace !== undefined);
    assert.match(source.info.name, /^simulated, (?:ends|has)/);
    const lastPodUs = (trace: typeof opened.trace, originUs: number): number => {
      const ends = [...(trace?.passes() ?? [])].flatMap(({ requests = [] }) =>
        requests.flatMap(({ resource, verb, status, ended }) =>
          resource === 'pods' && verb === 'create' && status === 201 ? (ended ?? []) : [],
        ),
      );
      return Math.max(...ends) - originUs;
    };
    const [seen, simulated] = [
      lastPodUs(opened.trace, opened.trace.originUs),
      lastPodUs(source.trace, source.info.originUs),
    ];
    assert.ok(Math.abs(simulated - seen) < 0.1 * seen, `the last pods lie at ${seen} and ${simulated} us on one axis`);
    tree.dispose();
  }).timeout(PATIENCE_MS);

  it('begins no sooner than the log that it lies below, whose whole seconds leave open when within one', async () => {
    const name = 'set-100-workers-10-new.controller.log.gz';
    const { explanation, trace } = await explainLogs([{ name, bytes: openInput(`${LOGS}${name}`) }]);
    const { run } = await fittedAnswer(explanation, trace, { pool: new SimulationPool(0) });
    assert.ok(run !== undefined && run.originUs <= run.trace.originUs, `${run?.originUs} and ${run?.trace.originUs}`);
  }).timeout(PATIENCE_MS);

  it('is not waited for by somebody who cancels', async () => {
    const { explanation, trace } = await read();
    let runs = 0;
    const cancel = new AbortController();
    const onRun = (): void => {
      if (++runs === 3) cancel.abort();
    };
    const answer = fittedAnswer(explanation, trace, { pool: new SimulationPool(0), signal: cancel.signal, onRun });
    await assert.rejects(answer, SimulationCancelled);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(runs, 3, 'no run is begun afterwards');
  }).timeout(PATIENCE_MS);
});

describe('bars and lines of a log', () => {
  it('lead to one another: each line of a pass is among its lines', async () => {
    const opened = await read();
    const { trace } = opened;
    assert.ok(trace !== undefined);
    const feed = new TimelineFeed([{ ...traceSource('a', NAME, trace), openLine: () => undefined }]);
    assert.ok([...feed.take()].length > 0);
    const detail = feed.detail('a', 5);
    assert.ok(detail !== undefined && detail.lines.length > 1, 'a pass has lines');
    const [uri] = opened.uris.values();
    assert.ok(uri !== undefined);
    for (const { line, name } of detail.lines) {
      assert.equal(name, `${NAME}:${line}`);
      assert.deepEqual(placeOfLine(opened, uri, line), { runner: detail.event.object, pass: 5 });
    }
    assert.equal(placeOfLine(opened, uri, 1_000_000), undefined);
  });
});

import assert from 'node:assert/strict';
import '../../builders/vscode/hook.ts';
import type { Finding } from '../../../src/evidence/finding.ts';
import type { OpenedLogs } from '../../../src/extension/evidence-reader.ts';
import { explainLogs } from '../../../src/report/explain-logs.ts';
import { at, createdLine, runnerLine, workersLine } from '../../builders/evidence.ts';

const { placeOfFinding } = await import('../../../src/extension/finding-place.ts');

/** A runner whose pod is refused in the second of its three passes, and another that is never touched. */
const LINES = [
  workersLine(at(0), 1),
  createdLine(at(1), 'a'),
  createdLine(at(1), 'b'),
  runnerLine(at(1), 'a', 'Adding finalizers'),
  runnerLine(at(1), 'a', 'Successfully added finalizers'),
  runnerLine(at(2), 'a', 'Creating ephemeral runner JIT config'),
  runnerLine(at(3), 'a', 'Created ephemeral runner JIT config'),
  runnerLine(at(3), 'a', 'Created new pod spec for ephemeral runner'),
  runnerLine(
    at(3),
    'a',
    'Failed to create a pod due to unrecoverable failure',
    { error: 'Pod "a" is invalid: spec' },
    'ERROR',
  ),
  runnerLine(at(3), 'a', 'Updating ephemeral runner status to Failed'),
  runnerLine(at(3), 'a', 'EphemeralRunner is marked as Failed and deleted from the service'),
  runnerLine(at(5), 'a', 'Cleaning up the runner pod'),
  runnerLine(at(5), 'a', 'Pod is deleted'),
  runnerLine(at(5), 'a', 'Successfully removed finalizer after cleanup'),
];

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

async function opened(): Promise<OpenedLogs> {
  const explained = await explainLogs([{ name: 'controller.log', bytes: bytesOf(`${LINES.join('\n')}\n`) }]);
  return { ...explained, id: 'a', title: 'controller.log', uris: new Map() };
}

describe('the place of a finding in the timeline', () => {
  it('is the pass that its lines are about, not the last one of the runner', async () => {
    const logs = await opened();
    const finding = logs.explanation.findings.find(({ id }) => id === 'pod-refused');
    assert.ok(finding !== undefined, logs.explanation.findings.map(({ id }) => id).join());
    const place = placeOfFinding(logs, finding);
    assert.equal(place?.runner, 'ci/a');
    const pass = logs.trace?.pass(place.pass ?? -1);
    const refused = pass?.requests?.find(({ resource }) => resource === 'pods');
    assert.deepEqual([refused?.verb, refused?.status, refused?.message], ['create', 422, 'Pod "a" is invalid: spec']);
  });

  it('is its first runner where no line of it is about a pass, and nowhere where it is about no runner', async () => {
    const logs = await opened();
    const line = { at: { source: 0, line: 3 }, says: 'created' };
    const finding = { evidence: [line], runners: ['b'] } as unknown as Finding;
    assert.deepEqual(placeOfFinding(logs, finding), { runner: 'ci/b' });
    assert.equal(placeOfFinding(logs, { ...finding, runners: [] }), undefined);
  });
});

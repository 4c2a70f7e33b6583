import assert from 'node:assert/strict';
import { traceSource } from '../../../src/extension/run.ts';
import { traceNotices } from '../../../src/extension/timeline-captions.ts';
import { traceLines, TraceReader } from '../../../src/trace/jsonl.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { A_HEADER } from '../../builders/traces.ts';

/** The trace of a run as it comes back from its file. */
function readBack(kind: string, settings: Readonly<Record<string, unknown>>): ReturnType<typeof traceSource> {
  const reader = new TraceReader();
  for (const line of traceLines(new TraceLog({ ...A_HEADER, sources: [{ kind }], settings }))) reader.push(line);
  const [trace] = reader.end();
  assert.ok(trace !== undefined);
  return traceSource('kept', 'kind 1', trace);
}

describe('a run in shadow that is kept or opened', () => {
  it('still says that nothing was written and what was simulated', () => {
    const source = readBack('shadow', { differences: 'pods are simulated: they start after 2 s' });
    assert.equal(source.info.kind, 'shadow');
    assert.deepEqual(
      traceNotices([source, source]).map(({ text }) => text),
      ['Shadow: nothing was written to the cluster; pods are simulated: they start after 2 s.'],
    );
  });

  it('says so without what an older trace does not know, and nothing of the kind where it is no shadow', () => {
    const [notice] = traceNotices([readBack('shadow', {})]);
    assert.equal(notice?.text, 'Shadow: nothing was written to the cluster.');
    assert.deepEqual(traceNotices([readBack('shadow', { differences: 7 })]).length, 1);
    for (const kind of ['embedded', 'remote', 'controller-log']) {
      const source = readBack(kind, { differences: 'x' });
      assert.equal(source.info.kind, 'trace');
      assert.deepEqual(traceNotices([source]), []);
    }
  });
});

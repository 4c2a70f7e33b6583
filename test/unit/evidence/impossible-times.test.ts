import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';

const LINES = [
  createdLine(at(0), 'lark-1'),
  runnerLine(at(1), 'lark-1', 'Creating ephemeral runner JIT config'),
  runnerLine(at(2), 'lark-1', 'Created ephemeral runner JIT config', { runnerId: 1 }),
  runnerLine(at(2), 'lark-1', 'Created ephemeral runner pod'),
];

describe('a line with a time that does not exist', () => {
  for (const stamp of [
    '2026-13-02T12:00:01Z',
    '2026-00-02T12:00:01Z',
    '2026-02-30T12:00:01Z',
    '2026-03-02T25:00:01Z',
    '2026-03-02T12:61:01Z',
    '2026-03-02T12:00:01+99:00',
  ]) {
    it(`is left out, which is said with its number: ${stamp}`, async () => {
      const damaged = runnerLine(stamp, 'lark-1', 'Waiting for runner container status to be available');
      const { files, runners } = await explainText([...LINES, damaged, damaged, ''].join('\n'));
      assert.ok(
        files[0]?.problems.includes(`2 lines are left out for a time that does not exist, first line 5: ${stamp}`),
        files[0]?.problems.join('; '),
      );
      assert.equal(runners[0]?.milestones.podCreated?.at, at(2).replace('Z', '.000000Z'));
    });
  }

  it('is named in a log of JSON as well', async () => {
    const json =
      '{"severity":"info","ts":"2026-03-02T25:61:00Z","logger":"EphemeralRunner","message":"Adding finalizers"}';
    const { files } = await explainText([...LINES, json].join('\n'));
    assert.match(files[0]?.problems.join() ?? '', /1 line is left out .* line 5: 2026-03-02T25:61:00Z/);
  });

  it('is not meant where an unknown line has none, or a good one', async () => {
    const { files } = await explainText([...LINES, 'something else', `${at(3)} something else`].join('\n'));
    assert.doesNotMatch(files[0]?.problems.join() ?? '', /does not exist/);
  });
});

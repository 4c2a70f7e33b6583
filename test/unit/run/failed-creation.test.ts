import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { RunSession } from '../../../src/run/session.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

/** A session whose API server refuses this many creations of its five runners. */
function played(refused: number) {
  const clock = new VirtualClock();
  const said: string[] = [];
  const faults = refused === 0 ? [] : [{ verb: 'create', resource: 'ephemeralrunners', status: 500, times: refused }];
  const session = RunSession.embedded(
    { ...DEFAULT_SETTINGS, mode: 'new', runners: 5, podStartUs: 100_000 },
    { clock, load: { conditions: { faults } }, onCreationFailed: (sentence) => said.push(sentence) },
  );
  clock.run(10_000_000);
  return { clock, session, said };
}

describe('runners of a session that the API server refuses to create', () => {
  it('are reported once, with the reason, and the others go on', () => {
    for (const refused of [1, 3, 5]) {
      const { session, said } = played(refused);
      assert.equal(said.length, 1, `${refused} of 5 were refused, and it was said ${said.length} times`);
      assert.match(said[0] ?? '', /^Runners could not be created: .*asked for in the lab/);
      assert.equal(session.table.index.size, 5 - refused, 'those that were not refused are there');
      assert.equal(session.table.index.counts.running, 5 - refused, 'and run');
    }
  });

  it('reject the call that asked for them, when they were asked for later', async () => {
    const { clock, session, said } = played(0);
    session.changeConditions({ faults: [{ verb: 'create', resource: 'ephemeralrunners', status: 503, times: 1 }] });
    const asked = session.createRunners(2);
    clock.run(20_000_000);
    await assert.rejects(asked, /asked for in the lab/);
    assert.deepEqual(said, [], 'it is reported to the caller only');
    assert.equal(session.table.index.size, 6);
  });
});

import assert from 'node:assert/strict';
import { brokenAt } from '../../../src/debug/broken-invariants.ts';
import { record, type Recording } from '../../../src/debug/recording.ts';
import { ListenerWatch } from '../../../src/invariants/listener-watch.ts';
import { patchRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunnerSets } from '../../../src/kubernetes/resource.ts';
import { LISTENER } from '../../../src/reconciler/autoscaling-listener/names.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseHappenings } from '../../../src/run/happenings.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { parseTroubles } from '../../../src/run/listener-trouble.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { traceLines } from '../../../src/trace/jsonl.ts';

const settings = { ...DEFAULT_SETTINGS, jobDurationUs: 5_000_000 };
const scaleSet = { jobs: parseLoad('2 at once'), minRunners: 0, maxRunners: 5 };

function listenerPasses({ moments }: Recording): readonly number[] {
  return [...moments.passes()].filter(({ controller }) => controller === LISTENER).map(({ id }) => id);
}

describe('a recording of a scale set', () => {
  it('has what its listener does, and is of the very run that happens without it, in every release', () => {
    for (const mode of RELEASES.ids) {
      const options = { load: { scaleSet }, horizonUs: 120_000_000 };
      const plain = simulate({ ...settings, mode }, options);
      const recorded = record({ ...settings, mode }, options);
      const { trace, originUs } = recorded.finished;
      assert.deepEqual(
        [...traceLines(trace, trace.endedUs, originUs)],
        [...traceLines(plain.trace, plain.trace.endedUs, plain.originUs)],
        `${mode}: the trace differs`,
      );
      assert.ok(listenerPasses(recorded).length > 0, `${mode} has no listener`);
      for (let moment = 0; moment < recorded.moments.length; moment++) {
        assert.equal(brokenAt(recorded, moment), undefined, `${mode}: moment ${moment}`);
      }
    }
  });

  it('keeps listeners apart from each other and from the passes of controllers, also those that were killed', () => {
    const recorded = record(
      { ...settings, mode: '0.14.2' },
      { load: { scaleSet: { ...scaleSet, listener: parseTroubles('kill at 3s') } }, horizonUs: 240_000_000 },
    );
    const { moments } = recorded;
    const ids = listenerPasses(recorded);
    assert.ok(ids.length >= 2, `${ids.length} listeners`);
    for (const { id, key, controller } of moments.passes()) {
      for (const moment of moments.ofPass(id)) {
        assert.deepEqual([moments.pass(moment).key, moments.pass(moment).controller], [key, controller]);
      }
      const ends = moments.ofPass(id).filter((moment) => moments.isEnd(moment));
      assert.ok(ends.length <= 1, `pass ${id} of ${key} ends ${ends.length} times`);
    }
  });

  it('leaves the tokens of the client of the controllers alone when a listener asks', () => {
    const happenings = parseHappenings('delete scale-set at 20s');
    const recorded = record({ ...settings, mode: '0.12.1' }, { load: { scaleSet, happenings }, horizonUs: 30_000_000 });
    const { moments, throttled } = recorded;
    for (const moment of throttled.keys()) assert.ok(moments.effect(moment) !== undefined, `moment ${moment}`);
  });
});

describe('the watch of a listener', () => {
  const asks = (replicas: number, patchID: number) => {
    const request = patchRequest(EphemeralRunnerSets, 'arc-runners', 'lab', { spec: { replicas, patchID } });
    return { kind: 'kubernetes', request } as never;
  };

  it('says when more or fewer runners are asked for than limits and jobs allow, and when numbers go back', () => {
    const watch = new ListenerWatch(RELEASES.get('0.14.2'), () => [{ minRunners: 1, maxRunners: 5 }]);
    assert.deepEqual(watch.asks(asks(3, 1)), []);
    assert.deepEqual(watch.asks(asks(6, 2)), [
      "a listener asks for 6 runners, which the scale set's limits never allowed",
    ]);
    assert.deepEqual(watch.asks(asks(3, 2)), ['a listener numbers a decision 2 after 2']);
    const told = { status: 200, body: JSON.stringify({ statistics: { totalAssignedJobs: 3 } }) };
    watch.answered({ kind: 'http', operation: 'create-session' } as never, told);
    assert.deepEqual(watch.asks(asks(2, 3)), ['a listener asks for 2 runners, and the scale set has 3 jobs']);
  });
});

import assert from 'node:assert/strict';
import { EphemeralRunners } from '../../../src/kubernetes/resource.ts';
import { causeAt } from '../../../src/hindsight/cause.ts';
import { chronicle, runnersOf } from '../../../src/hindsight/chronicle.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

describe('what led to a change', () => {
  it('is the request that created a runner, though the server gave it its name', () => {
    for (const mode of ['0.12.1', 'latest']) {
      const told = chronicle({
        settings: { ...DEFAULT_SETTINGS, mode, runners: 3 },
        load: { throughSet: true },
        horizonUs: 10_000_000,
      });
      const made = told.changes.filter(
        ({ resource, name }, at) =>
          resource === EphemeralRunners && told.changes.findIndex((one) => one.name === name) === at,
      );
      assert.equal(made.length, 3);
      for (const { name, event, atUs } of made) {
        assert.match(name, /-runner-\w{5}$/);
        assert.equal(
          causeAt(told, event, atUs).text.replace(/^the pass of [\w-]+ /, ''),
          `sends CREATE ephemeralrunners ${name}, and the API server carries it out`,
        );
      }
      assert.deepEqual(
        runnersOf(told),
        made.map(({ name }) => `arc-runners/${name}`),
      );
    }
  });

  it('is a creation whose answer was lost, by the beginning of its name', () => {
    const told = chronicle({
      settings: { ...DEFAULT_SETTINGS, mode: 'latest', runners: 1 },
      load: {
        throughSet: true,
        conditions: { faults: [{ verb: 'create', resource: 'ephemeralrunners', status: 0, times: 1 }] },
      },
      horizonUs: 10_000_000,
    });
    const lost = told.sent.find(({ refused }) => refused === 0);
    assert.ok(lost !== undefined && told.sent.some(({ pass }) => pass?.controller === 'ephemeralrunnerset'));
    assert.equal(
      causeAt(told, lost.event, lost.atUs).text.replace(/^the pass of [\w-]+ /, ''),
      'sends CREATE ephemeralrunners lab-runner-…, which is lost',
    );
  });
});

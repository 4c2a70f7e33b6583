import assert from 'node:assert/strict';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  Secrets,
  type Resource,
} from '../../../src/kubernetes/resource.ts';
import { RUNS, SECOND_US, Upgrade } from '../../builders/handover.ts';

const IDLE = { scaleSet: { jobs: { kind: 'times', atUs: [] }, minRunners: 2, maxRunners: 5 } } as const;

/** A scale set with two idle runners, taken over by another release with the label that it had. */
function labelled(from: string, to: string): Upgrade {
  return new Upgrade(from, to, RUNS, IDLE, 60 * SECOND_US, false, true);
}

/** The same where its chart was upgraded too. */
function taken(from: string, to: string): Upgrade {
  return new Upgrade(from, to, RUNS, IDLE);
}

function names(upgrade: Upgrade, kind: Resource): string[] {
  return [...upgrade.run.environment.cluster.api.store.of(kind).entries()].map(({ object }) => object.metadata.name);
}

describe('a scale set that another release takes over', () => {
  for (const [from, to, isKept] of [
    ['0.10.1', '0.11.0', false],
    ['0.11.0', '0.12.1', false],
    ['0.12.1', '0.13.1', false],
    ['0.13.1', '0.14.2', false],
    ['0.14.0', '0.14.2', true],
  ] as const) {
    it(`${isKept ? 'stays' : 'is deleted with its registration and its runners'} because of its label, ${from} to ${to}`, () => {
      const upgrade = labelled(from, to).wait(60);
      const { service } = upgrade.run.environment;
      const left = [AutoscalingRunnerSets, EphemeralRunnerSets, EphemeralRunners].map(
        (kind) => names(upgrade, kind).length,
      );
      assert.deepEqual(left, isKept ? [1, 1, 2] : [0, 0, 0]);
      assert.deepEqual([service.state.scaleSets.sets.length, service.state.runners.length], isKept ? [1, 2] : [0, 0]);
      const said = `${to} deleted the scale set lab with its runners and its registration: its label app.kubernetes.io/version names ${from}.`;
      assert.equal(upgrade.sentence.includes(said), !isKept, upgrade.sentence);
    });
  }

  it('takes the copy of its GitHub secret with its listener, which releases up to 0.11.0 made', () => {
    const upgrade = labelled('0.11.0', '0.12.1');
    const copies = (): string[] => names(upgrade, Secrets).filter((name) => name.endsWith('-listener'));
    assert.equal(copies().length, 1);
    assert.deepEqual([...names(upgrade.wait(60), AutoscalingListeners), ...copies()], []);
  });

  it('gets a second listener from 4299 on, and the first one stays', () => {
    const upgrade = taken('0.12.1', '0.13.1');
    const [first = ''] = names(upgrade, AutoscalingListeners);
    const listeners = names(upgrade.wait(60), AutoscalingListeners);
    assert.equal(listeners.length, 2);
    assert.ok(listeners.includes(first));
    assert.match(
      upgrade.sentence,
      new RegExp(`^The listener ${first} of 0\\.12\\.1 stays .*Delete the AutoscalingListener ${first}\\.$`, 'm'),
    );
    assert.deepEqual(upgrade.outcome.deletedScaleSets, []);
  });

  it('keeps a listener of the same name', () => {
    const upgrade = taken('0.13.1', '0.14.2').wait(60);
    assert.deepEqual([names(upgrade, AutoscalingListeners).length, upgrade.outcome.leftListeners], [1, []]);
  });

  it('gets a set of its own name from 4516 on, beside the one of the earlier release', () => {
    const upgrade = taken('0.14.2', 'latest');
    const [generated = ''] = names(upgrade, EphemeralRunnerSets);
    assert.deepEqual(names(upgrade.wait(60), EphemeralRunnerSets).sort(), ['lab', generated]);
    assert.equal(names(upgrade, EphemeralRunners).length, 4, 'each has its runners');
    assert.match(
      upgrade.sentence,
      new RegExp(`^The set ${generated} of 0\\.14\\.2 stays with its runners beside`, 'm'),
    );
  });
});

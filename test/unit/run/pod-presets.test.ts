import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { POD_PRESETS } from '../../../src/kubernetes/embedded/pod-presets.ts';
import { EphemeralRunners, Pods } from '../../../src/kubernetes/resource.ts';
import type { EphemeralRunner, Pod } from '../../../src/kubernetes/types.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';

const SECOND_US = 1_000_000;
const HOUR_US = 3600 * SECOND_US;

interface Outcome {
  readonly isQuiet: boolean;
  readonly runners: readonly EphemeralRunner[];
  readonly pods: readonly Pod[];
  readonly refusals: number;
  readonly registrations: readonly string[];
  readonly endUs: number;
}

/** Three runners under a preset in virtual time, for five hours at most. */
function outcomeOf(pods: string, jobDurationUs: number | undefined): Outcome {
  const clock = new VirtualClock();
  let refusals = 0;
  const rig = new EmbeddedRig({
    clock,
    epochMs: VIRTUAL_EPOCH_MS,
    settings: { ...DEFAULT_SETTINGS, mode: 'new', pods, jobDurationUs },
    onLogLine: ({ message }) => {
      if (message.startsWith('Runner is still running the job')) refusals++;
    },
  });
  rig.start();
  rig.runnerSet.create(3, (error) => assert.equal(error, undefined));
  let lastUs = 0;
  const isQuiet = !clock.run(Infinity, () => {
    lastUs = clock.nowUs();
    return lastUs > 5 * HOUR_US;
  });
  rig.dispose();
  const all = <T>(resource: { readonly plural: string }): T[] =>
    [...rig.cluster.api.store.of(resource as typeof Pods).entries()].map(({ object }) => object as unknown as T);
  return {
    isQuiet,
    runners: all<EphemeralRunner>(EphemeralRunners),
    pods: all<Pod>(Pods),
    refusals,
    registrations: [...rig.service.runners.keys()],
    endUs: lastUs,
  };
}

describe('A job that is over is over for the service', () => {
  const ENDLESS = 'job-still-running';
  const endless = (name: string): boolean => name === ENDLESS;

  for (const { name } of POD_PRESETS.filter((preset) => !endless(preset.name))) {
    for (const jobDurationUs of [undefined, 10 * SECOND_US, 90 * SECOND_US]) {
      const job =
        jobDurationUs === undefined ? 'without a job duration' : `with jobs of ${jobDurationUs / SECOND_US} s`;
      it(`a run of pods that do as ${name} ${job} comes to rest`, () => {
        const { isQuiet, refusals, runners, pods, registrations } = outcomeOf(name, jobDurationUs);
        assert.ok(isQuiet, `${name}: something still happens after five hours, ${refusals} removals were refused`);
        const phases = runners.map(({ status }) => status?.phase);
        const given = `runners ${JSON.stringify(phases)}, ${pods.length} pods, registered: ${registrations.join(' ')}`;
        if (runners.length === 0) assert.deepEqual(registrations, [], given);
      });
    }
  }

  it('evicted runners are given up, their jobs are over ten minutes after the last pod, and then the runners go', () => {
    const { runners, registrations, refusals, endUs } = outcomeOf('evicted', 10 * SECOND_US);
    assert.equal(runners.length, 0, 'all are gone');
    assert.deepEqual(registrations, []);
    assert.ok(refusals > 30 && refusals <= 70, `${refusals} refusals: 10 minutes at one each 30 s for three runners`);
    assert.ok(endUs > 600 * SECOND_US && endUs < 900 * SECOND_US, `over after ${endUs / SECOND_US} s`);
  });

  for (const name of ['fails-at-start', 'exits-unregistered']) {
    it(`runners that do as ${name} never had a job: their removal is not refused`, () => {
      const { runners, registrations, refusals } = outcomeOf(name, 10 * SECOND_US);
      assert.deepEqual([runners.length, registrations.length, refusals], [0, 0, 0]);
    });
  }

  for (const jobDurationUs of [undefined, 10 * SECOND_US]) {
    it(`only the preset for it has removals refused for ever (jobs of ${jobDurationUs ?? 'no'} µs)`, () => {
      const { isQuiet, refusals, registrations, runners } = outcomeOf(ENDLESS, jobDurationUs);
      assert.equal(registrations.length, 3);
      assert.equal(runners.length, 3);
      if (jobDurationUs === undefined) return;
      assert.ok(!isQuiet);
      assert.ok(refusals > 1000, `${refusals} refusals in five hours`);
    });
  }
});

describe('the presets in lists to choose from', () => {
  it('say what happens in so few words that nothing is cut', () => {
    for (const { name, description } of POD_PRESETS) {
      assert.ok(description.length <= 60, `${name}: ${description.length} characters`);
    }
  });
});

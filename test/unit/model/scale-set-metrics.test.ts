import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { deleteRequest } from '../../../src/kubernetes/request.ts';
import { AutoscalingRunnerSets } from '../../../src/kubernetes/resource.ts';
import { addScaleSetMetrics } from '../../../src/model/scale-set-metrics.ts';
import { DEFAULT_PROCESS } from '../../../src/reconciler/process-options.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';

/** A scale set with two waiting runners, and the values of its metrics. */
function scaleSet(mode: string): { rig: EmbeddedRig; wait: (s: number) => void; values: () => Promise<string[]> } {
  const clock = new VirtualClock();
  const rig = new EmbeddedRig({
    ...{ clock, epochMs: VIRTUAL_EPOCH_MS, process: DEFAULT_PROCESS },
    settings: { ...DEFAULT_SETTINGS, mode },
    scaleSet: { jobs: parseLoad('1h'), minRunners: 2, maxRunners: 2 },
  });
  rig.start();
  const registry = new Registry();
  addScaleSetMetrics(registry, rig.controllers.caches, RELEASES.get(mode).switches);
  rig.chain?.createScaleSet(() => undefined);
  const lines = async (): Promise<string[]> => (await registry.metrics()).split('\n');
  return {
    rig,
    wait: (seconds) => void clock.run(clock.nowUs() + seconds * 1e6),
    values: async () => (await lines()).filter((line) => line !== '' && !line.startsWith('#')),
  };
}

const OWNERS = 'repository="",organization="lab",enterprise=""';
const LISTENER =
  /^gha_controller_running_listeners\{name="lab-[0-9a-z]+-listener",namespace="arc-systems",(.*)\} (\d)$/;

function expected(pending: number, running: number): string[] {
  const labels = `name="lab",namespace="${LAB_NAMESPACE}",${OWNERS}`;
  return [
    `gha_controller_pending_ephemeral_runners{${labels}} ${pending}`,
    `gha_controller_running_ephemeral_runners{${labels}} ${running}`,
    `gha_controller_failed_ephemeral_runners{${labels}} 0`,
  ];
}

for (const mode of ['old', 'new', 'latest']) {
  describe(`The controllers' metrics of a scale set, ${mode}`, () => {
    it('count runners by their state and listeners that run, and are 0 when the scale set is gone', async () => {
      const { rig, wait, values } = scaleSet(mode);
      assert.deepEqual(await values(), []);
      wait(20);
      const running = await values();
      assert.deepEqual(running.slice(0, 3), expected(0, 2));
      assert.deepEqual(LISTENER.exec(running[3] ?? '')?.slice(1), [OWNERS, '1'], running[3]);
      rig.cluster.send(deleteRequest(AutoscalingRunnerSets, LAB_NAMESPACE, 'lab'), () => undefined);
      wait(60);
      const gone = await values();
      assert.deepEqual(gone.slice(0, 3), expected(0, 0));
      assert.deepEqual(LISTENER.exec(gone[3] ?? '')?.slice(1), [OWNERS, '0'], gone[3]);
      rig.dispose();
    });
  });
}

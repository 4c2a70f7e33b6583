import assert from 'node:assert/strict';
import { createRequest, deleteRequest } from '../../src/kubernetes/request.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  Pods,
  RoleBindings,
  Roles,
  ServiceAccounts,
  type Resource,
} from '../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';
import { DEFAULT_PROCESS } from '../../src/reconciler/process-options.ts';
import { LAB_NAMESPACE } from '../../src/run/embedded-environment.ts';
import { scaleSetOf } from '../../src/run/chain.ts';
import { DEFAULT_SPEC } from '../../src/run/runner-set.ts';
import { ServedCluster } from '../../src/serve/served-cluster.ts';
import { BARE } from '../builders/served-cluster.ts';
import { arcBinaries, LATEST, missingForRealArc } from './binaries.ts';
import { RealArc } from './real-arc.ts';

const OF_ARC: readonly Resource[] = [
  AutoscalingRunnerSets,
  AutoscalingListeners,
  EphemeralRunnerSets,
  EphemeralRunners,
];
const AROUND: readonly Resource[] = [Pods, ServiceAccounts, Roles, RoleBindings];
const SETTINGS = {
  ...BARE,
  namespaces: [LAB_NAMESPACE, DEFAULT_PROCESS.namespace],
  ...{ pods: 'jobs', podStartUs: 300_000, jobDurationUs: 1_000_000, jitLatencyUs: 20_000, controllers: true },
};
/** What a controller may meet because its cache is a few milliseconds old (recorded with a real API server too). */
const OF_A_STALE_CACHE = /already exists|the object has been modified|Operation cannot be fulfilled|not found/;

const missing = missingForRealArc();
if (missing !== undefined) process.stderr.write(`skipped: the tests with ARC's own programs, because ${missing}\n`);
else {
  describe(`ARC's own controller and listener (${process.env['ARC_COMMIT'] ?? LATEST}) on the served cluster`, function () {
    this.timeout(1_800_000);
    for (const jobs of [5, 30]) {
      it(`do ${jobs} jobs with a runner each, and leave nothing when the scale set is deleted`, async () => {
        const binaries = arcBinaries(process.env['ARC_COMMIT'] ?? LATEST);
        const served = await ServedCluster.start({ ...SETTINGS, jobs: `${jobs} at once` });
        await served.createRunners(0);
        const arc = new RealArc(served, binaries);
        try {
          const seen = new Set<string>();
          served.cluster.api.store.of(EphemeralRunners).listen((_type, { key }) => seen.add(key));
          const { githubConfigUrl } = served;
          const set = scaleSetOf(
            { ...DEFAULT_SPEC, githubConfigUrl },
            { namespace: LAB_NAMESPACE, process: DEFAULT_PROCESS, minRunners: 0, maxRunners: 50 },
          );
          served.cluster.api.handle(createRequest(AutoscalingRunnerSets, set));
          const counts = (of: readonly Resource[]): number[] => of.map((kind) => objectsOf(served, kind).length);
          const { service } = served;
          await until(() => service.completedJobs === jobs && counts(OF_ARC)[3] === 0, arc);
          assert.deepEqual(counts(OF_ARC), [1, 1, 1, 0]);
          // A runner too many is upstream's: its set looks at a list from before.
          assert.ok(seen.size >= jobs && seen.size <= jobs * 1.2, `${seen.size} runners for ${jobs} jobs`);
          assert.deepEqual(service.state.runners, []);
          assert.equal(arc.listeners.length, 1, arc.listeners.join());

          served.cluster.api.handle(deleteRequest(AutoscalingRunnerSets, LAB_NAMESPACE, set.metadata.name));
          await until(() => [...counts(OF_ARC), ...counts(AROUND)].every((count) => count === 0), arc);
          assert.deepEqual(service.state.scaleSets.sets, []);
          const errors = arc
            .log('controller')
            .split('\n')
            .filter((line) => line.includes('\tERROR\t'));
          assert.deepEqual(
            errors.filter((line) => !OF_A_STALE_CACHE.test(line)),
            [],
          );
        } finally {
          await arc.stop();
          await served.close();
        }
      });
    }
  });
}

function objectsOf(served: ServedCluster, kind: Resource): ApiObject[] {
  return [...served.cluster.api.store.of(kind).entries()].map(({ object }) => object);
}

async function until(isSo: () => boolean, arc: RealArc): Promise<void> {
  const deadline = performance.now() + 90_000;
  while (!isSo()) {
    if (performance.now() > deadline) {
      assert.fail(['controller', ...arc.listeners].map((name) => `${name}:\n${arc.log(name).slice(-3000)}`).join('\n'));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

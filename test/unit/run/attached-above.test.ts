import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { Cluster } from '../../../src/kubernetes/cluster.ts';
import { EphemeralRunners, Pods } from '../../../src/kubernetes/resource.ts';
import { RunnerIndex } from '../../../src/model/runner-index.ts';
import { groupOfRunner } from '../../../src/model/runner-group.ts';
import { ScaleSets } from '../../../src/model/scale-sets.ts';
import { AttachedAbove } from '../../../src/run/attached-above.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import { startRun } from '../../../src/run/start-run.ts';
import { Caches } from '../../../src/runtime/caches.ts';

const RUNNERS = 'arc-runners';
const SET = `${RUNNERS}/lab`;

/** What somebody who attaches to a namespace of a cluster with a whole ARC sees above its runners. */
async function attached(isRefused: (plural: string, namespace: string) => number): Promise<{
  readonly above: AttachedAbove;
  readonly scaleSets: ScaleSets;
}> {
  const clock = new VirtualClock();
  const scaleSet = { jobs: parseLoad('3 at once'), minRunners: 0, maxRunners: 5 };
  const settings = { ...DEFAULT_SETTINGS, mode: 'latest', runners: 3 };
  const { environment } = startRun({ kind: 'embedded' }, settings, {
    ...{ clock, load: { scaleSet }, onCreationFailed: assert.fail },
  });
  clock.run(8e6);
  const { cluster } = environment;
  const seen: Cluster = {
    watch: (resource, namespace, handler) => {
      assert.equal(isRefused(resource.plural, namespace), 0, `${resource.plural} in ${namespace} is watched`);
      return cluster.watch(resource, namespace, handler);
    },
    send: (request, done) => {
      const code = isRefused(request.resource.plural, request.namespace);
      if (code === 0) cluster.send(request, done);
      else done(new ApiError(code, code === 403 ? 'Forbidden' : 'NotFound', 'refused'));
    },
  };
  const caches = new Caches({ cluster: seen, namespace: RUNNERS });
  const index = new RunnerIndex<undefined>();
  caches.inform(EphemeralRunners).listen((event, key, { metadata }) => {
    if (event === 'added') index.add(key, groupOfRunner(metadata), 'running', undefined);
  });
  caches.inform(Pods);
  const scaleSets = new ScaleSets(
    () => clock.nowUs(),
    () => VIRTUAL_EPOCH_MS,
    index,
  );
  const above = new AttachedAbove({ cluster: seen, namespace: RUNNERS, caches, scaleSets });
  // Each answer takes a turn of its own, and some time of the cluster.
  for (let turn = 0; turn < 20; turn++) {
    clock.run(clock.nowUs() + 20_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { above, scaleSets };
}

describe('what is above the runners of an attached cluster', () => {
  it('is shown as their parents, with the listener and its pod in the namespace of the controller', async () => {
    const { above, scaleSets } = await attached(() => 0);
    assert.equal(above.unreadable, '');
    assert.deepEqual(scaleSets.keys(), [SET]);
    const [listener = ''] = scaleSets.listenersOf(SET);
    assert.match(listener, /^arc-systems\//);
    assert.deepEqual(scaleSets.describe('listener', listener)?.text, 'runs', 'what its program does is not seen');
    assert.ok((scaleSets.describe('listener', listener)?.sinceUs ?? NaN) < 3e6, 'since its container started');
    const [set = ''] = scaleSets.setsOf(SET);
    assert.equal(scaleSets.describe('set', set)?.text, 'wants 3, has them');
    assert.equal(scaleSets.describe('scale-set', SET)?.text, '');
    above.dispose();
  });

  it('leaves runners flat where it may not be read, and says what is missing', async () => {
    const { above, scaleSets } = await attached((plural) =>
      plural === 'pods' || plural === 'ephemeralrunners' ? 0 : 403,
    );
    assert.deepEqual([scaleSets.keys(), scaleSets.setsOf(undefined)], [[], []]);
    assert.match(
      above.unreadable,
      /^May not be read: (?=.*autoscalingrunnersets in arc-runners)(?=.*ephemeralrunnersets in arc-runners)(?=.*autoscalinglisteners in arc-runners).*\. Runners are shown without them; it takes the right to list and watch them\.$/,
    );
    above.dispose();
  });

  it('shows sets and scale sets without the listener, where only that may not be read', async () => {
    const { above, scaleSets } = await attached((plural) => (plural === 'autoscalinglisteners' ? 403 : 0));
    assert.deepEqual([scaleSets.keys(), scaleSets.listenersOf(SET)], [[SET], []]);
    assert.equal(scaleSets.describe('scale-set', SET)?.text, '', 'it is not said to wait for a listener');
    assert.match(above.unreadable, /^May not be read: autoscalinglisteners in arc-runners\./);
    above.dispose();
  });

  it('shows the listener without its pod, where those of its namespace may not be read', async () => {
    const { above, scaleSets } = await attached((plural, namespace) =>
      plural === 'pods' && namespace === 'arc-systems' ? 403 : 0,
    );
    const [listener = ''] = scaleSets.listenersOf(SET);
    assert.equal(scaleSets.describe('listener', listener)?.text, 'its pod may not be read');
    assert.equal(scaleSets.describe('scale-set', SET)?.text, '');
    assert.match(above.unreadable, /^May not be read: pods in arc-systems\./);
    above.dispose();
  });

  it('says nothing of kinds that a cluster does not have', async () => {
    const { above, scaleSets } = await attached((plural) =>
      plural === 'pods' || plural === 'ephemeralrunners' ? 0 : 404,
    );
    assert.deepEqual([above.unreadable, scaleSets.keys()], ['', []]);
    above.dispose();
  });
});

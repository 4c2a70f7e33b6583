import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AutoscalingRunnerSets,
  ConfigMaps,
  EphemeralRunners,
  Events,
  Namespaces,
  Pods,
  type Resource,
} from '../../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../../src/kubernetes/types.ts';
import { ServedCluster, type ServeSettings } from '../../../src/serve/served-cluster.ts';
import { inFolder } from '../../builders/arc-lab.ts';
import { eventually } from '../../builders/eventually.ts';
import { BARE } from '../../builders/served-cluster.ts';

/** Two documents, one of them a list, with what `kubectl get -o yaml` prints and what nobody serves. */
const STUCK = `
apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: actions.github.com/v1alpha1
  kind: EphemeralRunner
  metadata:
    name: heron
    namespace: ci
    uid: 11111111-1111-4111-8111-111111111111
    resourceVersion: "99887766"
    generation: 4
    creationTimestamp: 2026-03-02T09:14:00Z
    deletionTimestamp: "2026-03-02T10:00:00Z"
    deletionGracePeriodSeconds: 0
    finalizers: [ephemeralrunner.actions.github.com/finalizer]
    ownerReferences:
    - {apiVersion: actions.github.com/v1alpha1, kind: EphemeralRunnerSet, name: gone, uid: 22222222-2222-4222-8222-222222222222, controller: true}
    managedFields: [{manager: kubectl, operation: Update, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:x": {}}}]
  spec:
    githubConfigUrl: https://github.example.test/heron
    githubConfigSecret: heron
    runnerScaleSetId: 7
    spec: {containers: [{name: runner, image: "runner:1"}]}
  status: {phase: Running, ready: true, runnerId: 4411, failures: {a: "2026-03-02T07:00:12Z"}}
- apiVersion: v1
  kind: Pod
  metadata:
    name: heron
    namespace: ci
    ownerReferences:
    - {apiVersion: actions.github.com/v1alpha1, kind: EphemeralRunner, name: heron, uid: 11111111-1111-4111-8111-111111111111}
  spec: {nodeName: node-9, containers: [{name: runner, image: "runner:1"}, {name: dind, image: dind}]}
  status:
    phase: Running
    containerStatuses:
    - {name: runner, state: {terminated: {exitCode: 137, reason: OOMKilled}}}
- {apiVersion: lab.example/v1, kind: Gadget, metadata: {name: g}}
- {apiVersion: lab.example/v1, kind: Gadget, metadata: {name: h}}
---
apiVersion: actions.github.com/v1alpha1
kind: AutoscalingRunnerSet
metadata: {name: snipe, annotations: {}}
spec: {minRunners: 0, maxRunners: 80}
status: {phase: Outdated, currentRunners: 10}
---
---
{"apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "e", "namespace": "ci"}, "note": "it began"}
`;

const settings = (more: Partial<ServeSettings>): ServeSettings => ({
  ...BARE,
  controllers: true,
  pods: 'jobs',
  ...more,
});

async function serving(
  more: Partial<ServeSettings>,
  use: (served: ServedCluster) => Promise<void> | void,
): Promise<string[]> {
  const said: string[] = [];
  const served = await ServedCluster.start(settings(more), (sentence) => said.push(sentence));
  try {
    await use(served);
  } finally {
    await served.close();
  }
  return said;
}

function find<T extends ApiObject>(
  served: ServedCluster,
  resource: Resource<T>,
  namespace: string,
  name: string,
): T & { status?: Record<string, unknown> } {
  const object = served.cluster.api.store.of(resource).find(namespace, name)?.object;
  assert.ok(object !== undefined, `there is no ${resource.kind} ${namespace}/${name}`);
  return object as T;
}

describe('loading what people have kept of their clusters', () => {
  it('takes lists and documents as they are: status, times, uids, deletions; versions are new', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'stuck.yaml');
      writeFileSync(file, STUCK);
      const said = await serving({ load: [file] }, (served) => {
        const runner = find(served, EphemeralRunners, 'ci', 'heron');
        assert.deepEqual(runner.status, {
          ...{ phase: 'Running', ready: true, runnerId: 4411 },
          failures: { a: '2026-03-02T07:00:12Z' },
        });
        const { resourceVersion, ...metadata } = runner.metadata;
        assert.ok(Number(resourceVersion) < 1000, `${resourceVersion} is the version of another cluster`);
        assert.deepEqual(metadata, {
          name: 'heron',
          namespace: 'ci',
          uid: '11111111-1111-4111-8111-111111111111',
          creationTimestamp: '2026-03-02T09:14:00Z',
          generation: 4,
          deletionTimestamp: '2026-03-02T10:00:00Z',
          deletionGracePeriodSeconds: 0,
          finalizers: ['ephemeralrunner.actions.github.com/finalizer'],
          ownerReferences: runner.metadata.ownerReferences,
        });
        assert.equal(runner.metadata.ownerReferences?.length, 1);
        assert.equal(find(served, AutoscalingRunnerSets, 'lab', 'snipe').status?.['phase'], 'Outdated');
        assert.equal(find(served, Events, 'ci', 'e').message, 'it began');
        find(served, Namespaces, '', 'ci');
      });
      assert.deepEqual(said, [
        `Loaded 4 objects of ${file}`,
        `Left out of ${file}, because these kinds are not served: Gadget of lab.example/v1 (2)`,
      ]);
    }));

  it('leaves stuck state stuck: nothing is collected for missing owners, no simulated kubelet goes on with pods', () =>
    inFolder(async (folder) => {
      const [file, dataFile] = [join(folder, 'stuck.yaml'), join(folder, 'state.json')];
      writeFileSync(file, STUCK);
      const look = async (served: ServedCluster): Promise<void> => {
        // A pod of this cluster's own goes through its life meanwhile, and a config map without an owner is collected.
        const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: 'nobody' };
        const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'lost', ownerReferences: [owner] } };
        served.cluster.api.create(ConfigMaps, 'lab', map);
        const spec = { containers: [{ name: 'main', image: 'image:1' }] };
        const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'own-' }, spec };
        const own = served.cluster.api.create(Pods, 'lab', pod as unknown as ApiObject);
        await eventually(() => {
          assert.equal(find(served, Pods, 'lab', own.metadata.name).status?.phase, 'Running');
          assert.equal(served.cluster.api.store.of(ConfigMaps).find('lab', 'lost'), undefined);
        });
        find(served, EphemeralRunners, 'ci', 'heron');
        const kept = find(served, Pods, 'ci', 'heron');
        assert.equal(kept.spec.nodeName, 'node-9');
        assert.equal(kept.status?.containerStatuses?.length, 1, 'a simulated kubelet went on with the pod');
      };
      await serving({ load: [file], dataFile, podStartUs: 1000, jobDurationUs: 3_600_000_000 }, look);
      await serving({ dataFile, podStartUs: 1000, jobDurationUs: 3_600_000_000 }, look);
    }));

  it('says of a list without items what may be wrong', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'none.yaml');
      writeFileSync(file, 'apiVersion: v1\nkind: List\nitems: []\n');
      const said = await serving({ load: [file] }, () => undefined);
      assert.deepEqual(said, [
        `Loaded 0 objects of ${file}; its list has no items: look whether kubectl was asked for the right namespace`,
      ]);
    }));

  it('leaves what is there already as it is', () =>
    inFolder(async (folder) => {
      const [file, dataFile] = [join(folder, 'map.yaml'), join(folder, 'state.json')];
      const map = (value: string): string =>
        `apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n  data: {value: "${value}"}\n`;
      writeFileSync(file, map('first'));
      await serving({ load: [file], dataFile }, () => undefined);
      writeFileSync(file, map('second'));
      const said = await serving({ load: [file], dataFile }, (served) => {
        assert.deepEqual(find(served, ConfigMaps, 'lab', 'a').data, { value: 'first' });
      });
      assert.deepEqual(said, [`Loaded 0 objects of ${file}; 1 that is there already stays as before`]);
    }));

  it('--data takes such a file too, keeps the state beside it and never writes it', () =>
    inFolder(async (folder) => {
      for (const [name, text] of [
        ['a.yaml', STUCK],
        ['b.json', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}'],
        ['c.yaml', '{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}'],
      ] as const) {
        const dataFile = join(folder, name);
        writeFileSync(dataFile, text);
        const first = await serving({ dataFile }, (served) => {
          served.cluster.api.create(ConfigMaps, 'lab', {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'new' },
          });
        });
        assert.match(first.join('\n'), /Loaded \d objects? of/);
        const second = await serving({ dataFile }, (served) => void find(served, ConfigMaps, 'lab', 'new'));
        assert.deepEqual(second, [`The state is kept in ${dataFile}.state; ${dataFile} is never written`]);
        assert.equal(readFileSync(dataFile, 'utf8'), text);
      }
    }));

  it('takes the objects of a state, of the first version too', () =>
    inFolder(async (folder) => {
      const [dataFile, old] = [join(folder, 'state.json'), join(folder, 'old.json')];
      await serving({ dataFile }, (served) => {
        served.cluster.api.create(ConfigMaps, 'lab', {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'kept' },
        });
      });
      const { cluster } = JSON.parse(readFileSync(dataFile, 'utf8')) as { cluster: { objects: object[] } };
      writeFileSync(old, JSON.stringify({ version: 1, resourceVersion: 12, objects: cluster.objects }));
      for (const file of [dataFile, old]) {
        await serving({ load: [file] }, (served) => void find(served, ConfigMaps, 'lab', 'kept'));
      }
    }));

  it('reads YAML as kubectl does', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'pod.yaml');
      const spec =
        'containers: [{name: a, image: b, tty: yes}]\n  volumes: [{name: v, secret: {secretName: s, defaultMode: 0400}}]';
      const labels = 'labels: &l {when: 2026-01-01T00:00:00Z}\n  annotations: {<<: *l, "1:30": "x"}';
      writeFileSync(file, `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  ${labels}\nspec:\n  ${spec}\n`);
      await serving({ load: [file] }, (served) => {
        const pod = find(served, Pods, 'lab', 'p');
        assert.equal(pod.spec.containers[0]?.['tty'], true);
        assert.deepEqual(pod.spec.volumes?.[0]?.['secret'], { secretName: 's', defaultMode: 0o400 });
        assert.deepEqual(pod.metadata.labels, { when: '2026-01-01T00:00:00Z' });
        assert.deepEqual(pod.metadata.annotations, { '1:30': 'x', when: '2026-01-01T00:00:00Z' });
      });
    }));

  it('names fields that there are not, and leaves them out', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'pod.yaml');
      writeFileSync(file, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\nfoo: 1\ndat: {a: b}\n');
      const said = await serving({ load: [file] }, () => undefined);
      assert.equal(
        said[1],
        `Left out of ${file}, because there are no such fields: "foo" of ConfigMap c, "dat" of ConfigMap c`,
      );
    }));

  const aliases = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i},*a${i}]`).join(
    '\n',
  );
  const hostile: readonly [string, string | Uint8Array, RegExp][] = [
    ['an empty file', '', /it holds no objects; fill it with kubectl get -o yaml, or leave it out/],
    ['comments alone', '# to do\n---\n', /it holds no objects/],
    ['text that multiplies', `a0: &a0 [x,x,x,x]\n${aliases}\nkind: List\n`, /Excessive alias count/],
    ['text that names itself', 'kind: &a [*a]\n', /./],
    ['JSON nested without end', '{"a":'.repeat(50_000), /./],
    ['JSON nested deep', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, /it is nested more than 100 deep/],
    ['YAML nested without end', '- '.repeat(50_000), /./],
    ['bytes', Uint8Array.from({ length: 4_096 }, (_, i) => i * 7), /it is not text/],
    ['a tag that runs something', 'kind: !!js/function "x"\n', /Unresolved tag/],
    ['a key twice', 'kind: List\nkind: List\n', /Map keys must be unique/],
    ['a text', 'hello', /it holds something that is not an object/],
    ['an object without a kind', '{"metadata": {"name": "x"}}', /an object without kind or apiVersion/],
    ['an object without a name', 'apiVersion: v1\nkind: Pod\n', /a Pod without a name/],
    ['a list of nothing', 'apiVersion: v1\nkind: List\nitems: 7\n', /items that are not a list/],
    [
      'a field of the wrong type',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: 7\n',
      /Pod p: .*cannot unmarshal/,
    ],
    ['invalid metadata', 'apiVersion: v1\nkind: Pod\nmetadata: [name]\n', /a Pod without a name/],
  ];
  for (const [what, text, why] of hostile) {
    it(`refuses ${what} in one sentence, and takes nothing`, () =>
      inFolder(async (folder) => {
        const [good, bad, dataFile] = ['good.yaml', 'bad.yaml', 'state.json'].map((name) => join(folder, name)) as [
          string,
          string,
          string,
        ];
        writeFileSync(good, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
        writeFileSync(bad, text);
        await assert.rejects(
          serving({ load: [good, bad], dataFile }, () => undefined),
          (error: Error) => {
            assert.match(error.message, /^\S+bad\.yaml cannot be loaded: [^\n]{1,300}$/);
            assert.match(error.message, why);
            return true;
          },
        );
        assert.ok(!existsSync(dataFile), 'a state was written');
      }));
  }

  it('a file that is not there: one sentence', async () => {
    await assert.rejects(
      serving({ load: ['/nowhere/x.yaml'] }, () => undefined),
      /^Error: \/nowhere\/x\.yaml cannot be read: there is no such file$/,
    );
  });
});

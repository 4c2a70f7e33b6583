import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServedCluster } from '../../src/serve/served-cluster.ts';
import { BARE } from '../builders/served-cluster.ts';
import { kubectl, kubectlPath, missingKubectl, type Said } from './kubectl.ts';
import { skipWithout } from '../builders/skip.ts';

const MANIFEST = `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: main, image: "image:1", env: [{name: A, value: "1"}]}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: blue}
---
apiVersion: actions.github.com/v1alpha1
kind: EphemeralRunner
metadata: {name: runner}
spec:
  githubConfigUrl: https://github.com/lab
  githubConfigSecret: github
  runnerScaleSetId: 1
  spec: {containers: [{name: runner, image: "runner:1"}]}
`;

describe('kubectl against the embedded cluster', function () {
  this.timeout(300_000);
  let path: string;
  let served: ServedCluster;
  let folder: string;
  let manifest: string;

  before(async function () {
    skipWithout(this, missingKubectl());
    path = kubectlPath();
    folder = mkdtempSync(join(tmpdir(), 'arc-lab-kubectl-'));
    served = await ServedCluster.start({
      ...BARE,
      controllers: true,
      pods: 'jobs',
      podStartUs: 200_000,
      users: [{ name: 'viewer', rights: [{ verbs: ['get', 'list', 'watch'], resources: ['pods'] }] }],
    });
    writeFileSync(join(folder, 'kubeconfig'), served.kubeconfig(), { mode: 0o600 });
    manifest = join(folder, 'manifest.yaml');
    writeFileSync(manifest, MANIFEST);
  });

  after(async () => {
    await served?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const run = (args: string, input?: string): Promise<Said> =>
    kubectl(path, join(folder, 'kubeconfig'), folder, args.split(' '), input);

  /** Runs kubectl and returns what it printed; it must succeed. */
  async function say(args: string, input?: string): Promise<string> {
    const { code, stdout, stderr } = await run(args, input);
    assert.equal(code, 0, `kubectl ${args} failed: ${stderr}`);
    return stdout;
  }

  async function refuse(args: string, why: RegExp): Promise<void> {
    const { code, stderr } = await run(args);
    assert.notEqual(code, 0, `kubectl ${args} should have been refused`);
    assert.match(stderr, why);
  }

  it('knows the API: versions, resources, explanations', async () => {
    assert.match(await say('version'), /Server Version: v1\.34/);
    assert.match(await say('api-versions'), /actions\.github\.com\/v1alpha1/);
    const resources = await say('api-resources');
    assert.match(resources, /^pods +po +v1 +true +Pod$/m);
    assert.match(resources, /^ephemeralrunners +actions\.github\.com\/v1alpha1 +true +EphemeralRunner$/m);
    assert.match(await say('explain pod.spec.containers.env'), /FIELD: env <\[\]EnvVar>/);
    assert.equal(await say('get --raw /readyz'), 'ok');
  });

  it('applies, compares and applies again', async () => {
    assert.match(
      await say(`apply -n lab -f ${manifest}`),
      /pod\/web created\nconfigmap\/settings created\n.*runner created/,
    );
    assert.match(await say(`apply -n lab -f ${manifest}`), /pod\/web unchanged\nconfigmap\/settings unchanged/);
    assert.equal(await say(`diff -n lab -f ${manifest}`), '');
    writeFileSync(manifest, MANIFEST.replace('blue', 'green').replace('runnerScaleSetId: 1', 'runnerScaleSetId: 2'));
    assert.match(
      await say(`apply -n lab -f ${manifest}`),
      /pod\/web unchanged\nconfigmap\/settings configured\n.*configured/,
    );
    assert.equal(await say('get configmap settings -n lab -o jsonpath={.data.colour}'), 'green');
  });

  it('waits for a pod that the simulated kubelet runs', async () => {
    assert.match(await say('wait -n lab --for=condition=Ready pod/web --timeout=30s'), /condition met/);
    assert.match(await say('get pod web -n lab'), /web +1\/1 +Running +0 /);
    assert.match(
      await say('wait -n lab --for=jsonpath={.status.phase}=Running pod/web --timeout=30s'),
      /condition met/,
    );
  });

  it('describes a pod as its kubelet and the scheduler tell of it', async () => {
    const described = await say('describe pod web -n lab');
    assert.match(described, /^Node: +lab-node-1\/10\.0\.0\.1$/m);
    assert.match(described, /^Start Time: +\w{3}, /m);
    assert.match(described, /^ +State: +Running\n +Started: +\w{3}, /m);
    assert.match(described, /^ +ContainersReady +True *$/m);
    assert.match(described, /Normal +Scheduled +\S+ +default-scheduler +Successfully assigned lab\/web to lab-node-1/);
    assert.match(described, /Normal +Started +\S+ +kubelet +Started container /);
    assert.match(await say('get events -n lab --field-selector reason=Scheduled'), /pod\/web +Successfully assigned/);
  });

  it('shows objects in every form', async () => {
    assert.match(await say('get pods -n lab -o wide'), /NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE/);
    assert.match(await say('get pod web -n lab -o yaml'), /^kind: Pod$/m);
    const json = JSON.parse(await say('get pods -n lab -o json')) as { items: { metadata: { name: string } }[] };
    assert.deepEqual(
      json.items.map(({ metadata }) => metadata.name),
      ['web'],
    );
    assert.match(await say('get pods -n lab -l app=web'), /web/);
    assert.equal(await say('get pods -n lab -l app!=web'), '');
    assert.match(await say('get pods -A --field-selector status.phase=Running'), /lab +web/);
    assert.match(await say('get ephemeralrunners -n lab'), /NAME +GITHUB CONFIG URL +RUNNERID +STATUS/);
    assert.match(await say('get pods,configmaps -n lab --show-labels'), /app=web/);
    assert.match(await say('get pods -n lab -o custom-columns=N:.metadata.name --no-headers'), /^web\n$/);
  });

  it('describes objects with their events', async () => {
    const uid = await say('get pod web -n lab -o jsonpath={.metadata.uid}');
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'web.1', namespace: 'lab' },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'lab', uid },
      type: 'Normal',
      reason: 'Pulled',
      message: 'the image is there',
      source: { component: 'kubelet' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 1,
    };
    await say('create -f -', JSON.stringify(event));
    assert.match(await say('describe pod web -n lab'), /Normal +Pulled .*the image is there/);
    assert.match(await say('events -n lab'), /Normal +Pulled +Pod\/web +the image is there/);
    assert.match(await say('get events -n lab'), /Normal +Pulled +pod\/web +the image is there/);
    assert.match(await say('describe ephemeralrunner runner -n lab'), /Runner Scale Set Id: +2/);
    assert.match(await say('describe namespace lab'), /Status: +Active/);
  });

  it('changes objects: label, annotate, patch in three ways, replace, edit', async () => {
    await say('label pod web -n lab tier=front');
    await say('annotate pod web -n lab note=hello');
    await say('patch configmap settings -n lab -p {"data":{"size":"big"}}');
    await say('patch ephemeralrunner runner -n lab --type=merge -p {"spec":{"runnerScaleSetId":3}}');
    await say('patch configmap settings -n lab --type=json -p [{"op":"remove","path":"/data/size"}]');
    await say('patch pod web -n lab --subresource=status --type=merge -p {"status":{"message":"patched"}}');
    await say('replace -n lab -f -', await say('get configmap settings -n lab -o json'));
    assert.equal(
      await say(
        'get pod web -n lab -o jsonpath={.metadata.labels.tier}/{.metadata.annotations.note}/{.status.message}',
      ),
      'front/hello/patched',
    );
    assert.equal(await say('get ephemeralrunner runner -n lab -o jsonpath={.spec.runnerScaleSetId}'), '3');
    await refuse(
      'patch pod web -n lab -p {"spec":{"restartPolicy":"Never"}}',
      /Forbidden: pod updates may not change fields/,
    );
    await refuse('apply --server-side -n lab -f ' + manifest, /Server-side apply not available/);
  });

  it('watches', async () => {
    const watched = run('get pods -n lab -w -o name --request-timeout=4s');
    await say('run watched -n lab --image=image');
    await say('delete pod watched -n lab');
    assert.match((await watched).stdout, /pod\/web\n(.*\n)*pod\/watched\n/);
  });

  it('makes what it has commands for', async () => {
    await say('create namespace other');
    await say('create secret generic s -n other --from-literal=a=b');
    await say('create serviceaccount sa -n other');
    await say('create role r -n other --verb=get --resource=pods');
    await say('create rolebinding b -n other --role=r --serviceaccount=other:sa');
    await say('create quota q -n other --hard=pods=1');
    await say('run one -n other --image=image');
    await refuse(
      'run two -n other --image=image',
      /exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1/,
    );
    assert.match(await say('describe secret s -n other'), /a: +1 bytes/);
    assert.match(await say('get rolebindings -n other -o wide'), /b +Role\/r .*other\/sa/);
    assert.match(await say('describe quota q -n other'), /pods +1 +1/);
  });

  it('deletes objects, all of a kind, and a namespace with what is in it', async () => {
    await say('delete pod one -n other --grace-period=0 --force');
    await say('delete secret --all -n other');
    assert.match(await say('delete namespace other'), /deleted/);
    await refuse('get namespace other', /NotFound/);
    await refuse('get role r -n other', /NotFound/);
    assert.match(await say(`delete -n lab -f ${manifest}`), /pod "web" deleted/);
  });

  it('asks what may be done, and is refused what may not', async () => {
    assert.equal(await say('auth can-i create pods'), 'yes\n');
    assert.match(await say('auth whoami'), /lab-admin/);
    assert.equal((await run('--context arc-lab-viewer auth can-i create pods')).stdout, 'no\n');
    assert.match(await say('--context arc-lab-viewer auth can-i --list'), /pods +\[\] +\[\] +\[get list watch\]/);
    await say('--context arc-lab-viewer get pods -n lab');
    await refuse('--context arc-lab-viewer get secrets -n lab', /User "viewer" cannot list resource "secrets"/);
    await refuse('get ingresses', /doesn't have a resource type "ingresses"/);
  });
});

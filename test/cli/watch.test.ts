import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTrace } from '../../src/trace/jsonl.ts';
import { createRequest, deleteRequest } from '../../src/kubernetes/request.ts';
import { Deployments, Leases, Pods } from '../../src/kubernetes/resource.ts';
import type { Lease, Workload } from '../../src/kubernetes/types.ts';
import { arcLab, type Finished } from '../builders/arc-lab.ts';
import { sendRequest } from '../builders/requests.ts';
import {
  CONTROLLER_NAMESPACE,
  CONTROLLER_POD,
  heldLines,
  setStatus,
  WatchedCluster,
} from '../builders/watched-cluster.ts';

/** `arc-lab watch` until it has printed a text; then Ctrl-C. */
function watching(cluster: WatchedCluster, until: string, ...args: readonly string[]): Promise<Finished> {
  const whenSaid = { text: until, act: (child: { kill: (signal: NodeJS.Signals) => boolean }) => child.kill('SIGINT') };
  return arcLab(['watch', '--kubeconfig', cluster.kubeconfig, ...args], { whenSaid });
}

describe('arc-lab watch', () => {
  let cluster: WatchedCluster;

  afterEach(() => cluster.close());

  it('says which worker is held by which call since when, and how many runners wait', async () => {
    cluster = await WatchedCluster.start();
    await cluster.served.createRunners(39);
    cluster.say(291, ...heldLines(291));
    const { code, stdout, stderr } = await watching(cluster, '38 runners wait');
    assert.match(stdout, /Worker 1 is in DELETE agent 5511 of runner runner-1 since 4 min 5\d s; 38 runners wait\./);
    assert.match(stdout, /arc-runners\/runner-1 +pending .*worker 1: DELETE agent 5511 for 4 min 5\d s/);
    assert.match(stderr, /^arc-lab: watching all namespaces of arc-lab, nothing is changed; Ctrl-C ends\n/);
    assert.equal(code, 0, 'Ctrl-C is how it ends');
  });

  it('prints an object in a line with --json, and keeps a trace with --out', async () => {
    cluster = await WatchedCluster.start();
    await cluster.served.createRunners(3);
    cluster.say(60, ...heldLines(60));
    const out = join(cluster.folder, 'watched.arctrace.jsonl');
    const { code, stdout } = await watching(cluster, '"held":[{', '--json', '--out', out);
    assert.equal(code, 0);
    const [state] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual([state?.['type'], state?.['waiting'], state?.['phases']], ['state', 2, { Pending: 3 }]);
    const [held] = state?.['held'] as { worker: number; runner: string; what: string; since: string }[];
    assert.deepEqual([held?.worker, held?.runner, held?.what], [1, 'arc-runners/runner-1', 'DELETE agent 5511']);
    const trace = parseTrace(readFileSync(out, 'utf8'));
    assert.equal(trace.header.sources[0]?.file, `${CONTROLLER_NAMESPACE}/arc-gha-rs-controller-0`);
    const [open] = [...trace.running()].map((number) => trace.pass(number));
    assert.equal(open?.object, 'arc-runners/runner-1');
    assert.equal(open?.requests?.at(-1)?.ended, undefined);
    const pending = [...trace.runnerEvents('arc-runners/runner-2')];
    assert.deepEqual(
      pending.map(({ pod }) => pod),
      ['none'],
    );
  });

  it('says what it cannot see, names the missing right, and shows the rest', async () => {
    const rights = [
      { verbs: ['list', 'watch'], resources: ['ephemeralrunners'] },
      { verbs: ['list', 'get'], resources: ['pods'] },
    ];
    cluster = await WatchedCluster.start({ users: [{ name: 'viewer', rights }] });
    await cluster.served.createRunners(2);
    const { code, stdout } = await watching(cluster, 'get pods/log', '--context', 'arc-lab-viewer');
    assert.equal(code, 0);
    assert.match(stdout, /runners: 2 pending; /);
    assert.match(stdout, /! Not known: the runners' pods\. The user may not watch pods in all namespaces\./);
    assert.match(stdout, /! Logs are not read\. The user may not get pods\/log in namespace arc-systems\./);
  });
});

describe('arc-lab why --context', () => {
  it('reads a cluster once and says the same of it as of its log in a file', async () => {
    const cluster = await WatchedCluster.start();
    try {
      await cluster.served.createRunners(2);
      cluster.say(120, ...heldLines(120));
      const { code, stdout, stderr } = await arcLab([
        'why',
        '--kubeconfig',
        cluster.kubeconfig,
        '--context',
        'arc-lab',
      ]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /✗ One DELETE call for runner-1 has held a worker for 2 min/);
      assert.match(stdout, /arc-systems\/arc-gha-rs-controller-0:3 +DELETE \/x\/_apis/);
      assert.equal(stderr, '');
    } finally {
      await cluster.close();
    }
  });

  it('takes files or a cluster', async () => {
    const { code, stderr } = await arcLab(['why', '--context', 'prod', './controller.log']);
    assert.equal(stderr, 'arc-lab: name a cluster or files, not both; see arc-lab why --help\n');
    assert.equal(code, 2);
  });
});

describe('a cluster without a controller of ARC', () => {
  it('is said to have none, first and with what to do, by why and by watch', async () => {
    const cluster = await WatchedCluster.start();
    try {
      await cluster.served.createRunners(3);
      await sendRequest(
        cluster.served.cluster,
        deleteRequest(Pods, CONTROLLER_NAMESPACE, CONTROLLER_POD, { gracePeriodSeconds: 0 }),
      );
      const said = /No ARC controller was found in any namespace: nothing is done for 3 runners\./;
      const looked = await arcLab(['why', '--kubeconfig', cluster.kubeconfig]);
      assert.match(looked.stdout, said);
      assert.match(looked.stdout, /→ List the controllers: kubectl get deployments -A/);
      const watched = await watching(cluster, 'No ARC controller');
      assert.match(watched.stdout, said);
    } finally {
      await cluster.close();
    }
  });
});

describe('a cluster without the pod of a controller', () => {
  let cluster: WatchedCluster;

  beforeEach(async () => {
    cluster = await WatchedCluster.start();
    await cluster.served.createRunners(2);
    await sendRequest(
      cluster.served.cluster,
      deleteRequest(Pods, CONTROLLER_NAMESPACE, CONTROLLER_POD, { gracePeriodSeconds: 0 }),
    );
  });

  afterEach(() => cluster.close());

  const lease = async (renewTime: string): Promise<void> => {
    const held: Lease = {
      ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
      metadata: { name: 'arc-lab', namespace: 'arc-runners' },
      spec: { holderIdentity: 'ada@desk', leaseDurationSeconds: 15, renewTime },
    };
    await sendRequest(cluster.served.cluster, createRequest(Leases, held));
  };
  const look = async (): Promise<string> => (await arcLab(['why', '--kubeconfig', cluster.kubeconfig])).stdout;

  it('is said to be reconciled by the lab that holds the lease', async () => {
    await lease(new Date(Date.now() + 60_000).toISOString());
    const said = await look();
    assert.match(said, /No ARC controller runs; arc-lab \(ada@desk\) reconciles namespace arc-runners\./);
    assert.doesNotMatch(said, /nothing is done/);
  });

  it('is not said to be reconciled by a lab whose lease has run out', async () => {
    await lease('2026-01-01T00:00:00.000000Z');
    assert.match(await look(), /No ARC controller was found in any namespace: nothing is done for 2 runners\./);
  });

  it('is said to have a controller that is scaled to 0, and how to scale it up', async () => {
    const labels = { 'app.kubernetes.io/part-of': 'gha-rs-controller' };
    const deployment: Workload = {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
      metadata: { name: 'arc', namespace: CONTROLLER_NAMESPACE, labels },
      spec: {
        ...{ replicas: 0, selector: { matchLabels: labels } },
        template: { metadata: { labels }, spec: { containers: [{ name: 'manager', image: 'x' }] } },
      },
    };
    await sendRequest(cluster.served.cluster, createRequest(Deployments, deployment));
    const said = await look();
    assert.match(said, /The ARC controller does not run, so 2 runners wait: its deployment arc is scaled to 0\./);
    assert.match(said, /kubectl scale deployment -n arc-systems arc --replicas=1/);
  });
});

describe('why --context for a user with few rights', () => {
  const cases: [title: string, resources: readonly string[], says: RegExp, missing: RegExp][] = [
    ['no runners', ['pods'], /runners cannot be seen, because the user may not list them/, /which runners there are/],
    [
      'no pods',
      ['ephemeralrunners'],
      /the pods of runners cannot be seen, because the user may not list them/,
      /the runners' pods/,
    ],
  ];
  for (const [title, resources, says, missing] of cases) {
    it(`says that it is not known, and in JSON too which right is missing: ${title}`, async () => {
      const rights = [{ verbs: ['get', 'list', 'watch'], resources }];
      const cluster = await WatchedCluster.start({ users: [{ name: 'viewer', rights }] });
      try {
        await cluster.served.createRunners(2);
        const args = ['why', '--kubeconfig', cluster.kubeconfig, '--context', 'arc-lab-viewer'];
        const { stdout } = await arcLab(args);
        assert.match(stdout, says);
        assert.doesNotMatch(stdout, /there is no runner|have no pod/);
        const { remarks, verdict } = JSON.parse((await arcLab([...args, '--json'])).stdout) as {
          remarks: string[];
          verdict: string;
        };
        assert.match(verdict, says);
        assert.match(remarks.join(' '), missing);
      } finally {
        await cluster.close();
      }
    });
  }
});

describe('a cluster whose controller does not run', () => {
  it('is said to have one that does not run, first and with why and what to do, by why and by watch', async () => {
    const cluster = await WatchedCluster.start();
    try {
      await cluster.served.createRunners(3);
      await setStatus(cluster.served.cluster, {
        phase: 'Running',
        containerStatuses: [
          {
            ...{ name: 'manager', image: 'i', imageID: 'i', ready: false, restartCount: 17 },
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
          },
        ],
      });
      const said =
        /The ARC controller does not run, so 3 runners wait: CrashLoopBackOff, exit code 137, OOMKilled, 17 restarts\./;
      const looked = await arcLab(['why', '--kubeconfig', cluster.kubeconfig]);
      assert.match(looked.stdout, said);
      assert.match(looked.stdout, /→ Raise the container's memory limit\./);
      assert.match(looked.stdout, /ARC 0\.14\.2/);
      const watched = await watching(cluster, 'The ARC controller does not run');
      assert.match(watched.stdout, said);
    } finally {
      await cluster.close();
    }
  });
});

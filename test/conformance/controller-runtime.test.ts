import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequest } from '../../src/kubernetes/request.ts';
import { EphemeralRunners, Events, Leases, Pods, Secrets, type Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner, KubernetesEvent, Lease } from '../../src/kubernetes/types.ts';
import { ServedCluster } from '../../src/serve/served-cluster.ts';
import { which } from '../apiserver/tools.ts';
import { goProgram } from '../builders/go-program.ts';
import { aRunner } from '../builders/objects.ts';
import { BARE } from '../builders/served-cluster.ts';

const RUNNERS = 20;

describe('a controller built with controller-runtime, as ARC is, on the embedded cluster', function () {
  this.timeout(300_000);

  it('is elected, fills its caches, makes and takes down what runners need, through cut connections', async function () {
    if (which('go') === undefined) {
      process.stderr.write('skipped: Go is not installed, which builds the controller\n');
      this.skip();
    }
    const program = goProgram('bench/peers/go', 'manager');
    const folder = mkdtempSync(join(tmpdir(), 'arc-lab-controller-'));
    const served = await ServedCluster.start({ ...BARE, controllers: true, pods: 'jobs', podStartUs: 100_000 });
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, served.kubeconfig(), { mode: 0o600 });
    const output: string[] = [];
    const child = spawn(program, [kubeconfig, 'lab'], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    }
    const objects = <T extends ApiObject>(resource: Resource<T>): T[] =>
      [...served.cluster.api.store.of(resource as Resource).entries()].map(({ object }) => object as T);
    const until = (what: string, holds: () => boolean): Promise<void> => eventually(what, holds, output);
    try {
      const { api } = served.cluster;
      for (let i = 0; i < RUNNERS; i++) {
        api.handle(createRequest(EphemeralRunners, aRunner({ namespace: 'lab', name: `runner-${i}` })));
      }
      await until('it is elected', () =>
        objects<Lease>(Leases).some(({ spec }) => (spec?.holderIdentity ?? '') !== ''),
      );
      await until('each runner has a pod', () => objects(Pods).length === RUNNERS);
      served.cutConnections();
      const phase = ({ status }: EphemeralRunner): string => status?.phase ?? '';
      await until('each status says that its pod runs', () =>
        objects<EphemeralRunner>(EphemeralRunners).every((runner) => phase(runner) === 'Running'),
      );
      assert.equal(objects(Secrets).length, RUNNERS);
      const events = objects<KubernetesEvent>(Events).filter(({ reason }) => reason === 'PodCreated');
      assert.ok(events.length > 0, 'it has recorded events');
      for (const { metadata } of objects(EphemeralRunners)) {
        api.delete({ resource: EphemeralRunners, namespace: 'lab', name: metadata.name, subresource: '' }, {});
      }
      served.cutConnections();
      await until('all is taken down', () =>
        [EphemeralRunners, Pods, Secrets].every((resource) => objects(resource as Resource).length === 0),
      );
    } finally {
      child.kill('SIGKILL');
      await served.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** @throws AssertionError with the controller's output when it does not come to hold */
async function eventually(what: string, holds: () => boolean, output: readonly string[]): Promise<void> {
  const limitMs = Date.now() + 90_000;
  while (!holds()) {
    if (Date.now() > limitMs) assert.fail(`not so within 90 s: ${what}\n${output.join('').slice(-3000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

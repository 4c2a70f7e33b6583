import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CoreV1Api, KubeConfig, makeInformer, type V1Pod } from '@kubernetes/client-node';
import { Random } from '../../src/base/random.ts';
import { SecretRegistry } from '../../src/base/redact.ts';
import { WallClock } from '../../src/base/wall-clock.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import type { ListStyle } from '../../src/kubernetes/cluster.ts';
import { openKubeconfig } from '../../src/kubernetes/remote/kubeconfig.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import { createRequest, deleteRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods, Secrets, type Resource } from '../../src/kubernetes/resource.ts';
import { ServedCluster } from '../../src/serve/served-cluster.ts';
import { Informer } from '../../src/runtime/informer.ts';
import { which } from '../apiserver/tools.ts';
import { eventually } from '../builders/eventually.ts';
import { goProgram } from '../builders/go-program.ts';
import { aPod, aRunner, aSecret } from '../builders/objects.ts';
import { BARE } from '../builders/served-cluster.ts';

type Versions = Record<string, string>;

const ROUNDS = 40;
const CHANGES_A_ROUND = 50;
const NAMES = 60;

describe('informers of others against the embedded cluster', function () {
  this.timeout(300_000);
  let served: ServedCluster;
  let folder: string;

  before(async () => {
    served = await ServedCluster.start(BARE);
    folder = mkdtempSync(join(tmpdir(), 'arc-lab-informers-'));
    writeFileSync(join(folder, 'kubeconfig'), served.kubeconfig(), { mode: 0o600 });
  });
  after(async () => {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("client-go's typed client and informers: caches equal the store after churn with cut connections", async function () {
    if (which('go') === undefined) {
      process.stderr.write('skipped: Go is not installed, which builds the informer\n');
      this.skip();
    }
    const program = new Program(goProgram('apiserver', 'informer'), [join(folder, 'kubeconfig')]);
    try {
      assert.equal(await program.line(), 'synced');
      program.say('create lab 3');
      assert.equal(await program.line(), 'created');
      const pod = served.cluster.api.get({ resource: Pods, namespace: 'lab', name: 'from-go-0', subresource: '' });
      const { spec } = pod as unknown as { spec: Record<string, unknown> };
      assert.equal(spec['terminationGracePeriodSeconds'], 0, 'a zero that was set is kept');
      assert.deepEqual(spec['volumes'], [{ name: 'work', emptyDir: {} }]);
      await churn(served, 1);
      await eventually(async () => {
        program.say('dump');
        const dump = JSON.parse(await program.line()) as Record<string, Versions>;
        assert.deepEqual(dump['pods'], stored(served, Pods));
        assert.deepEqual(dump['secrets'], stored(served, Secrets));
        assert.deepEqual(dump['ephemeralrunners'], stored(served, EphemeralRunners));
      });
    } finally {
      program.stop();
    }
  });

  it("client-node's informer: its cache equals the store after churn with cut connections", async () => {
    const config = new KubeConfig();
    config.loadFromFile(join(folder, 'kubeconfig'));
    const client = config.makeApiClient(CoreV1Api);
    const informer = makeInformer<V1Pod>(config, '/api/v1/namespaces/lab/pods', () =>
      client.listNamespacedPod({ namespace: 'lab' }),
    );
    let stopped = false;
    // It ends on errors; its users start it again.
    informer.on('error', () => {
      if (!stopped) setTimeout(() => void informer.start().catch(() => undefined), 50);
    });
    await informer.start();
    try {
      await churn(served, 2);
      await eventually(async () => {
        const cache: Versions = {};
        for (const { metadata } of informer.list()) {
          cache[`${metadata?.namespace}/${metadata?.name}`] = metadata?.resourceVersion ?? '';
        }
        assert.deepEqual(sorted(cache), stored(served, Pods));
      });
    } finally {
      stopped = true;
      await informer.stop();
    }
  });

  for (const lists of ['paged', 'streamed'] satisfies ListStyle[]) {
    it(`the watch of the lab, with lists ${lists}: its caches equal the store after the same churn`, async () => {
      const secrets = new SecretRegistry();
      const transport = new ApiTransport(await openKubeconfig({ file: join(folder, 'kubeconfig'), secrets }));
      const clock = new WallClock();
      const cluster = new RemoteCluster(transport, clock, undefined, lists);
      const kinds: readonly Resource[] = [Pods, Secrets, EphemeralRunners];
      const informers = kinds.map((resource) => new Informer(cluster, resource, { namespace: 'lab' }));
      try {
        await churn(served, 3);
        await eventually(async () => {
          for (const [index, informer] of informers.entries()) {
            const cache: Versions = {};
            for (const [key, { metadata }] of informer.entries()) cache[key] = metadata.resourceVersion ?? '';
            assert.deepEqual(sorted(cache), stored(served, kinds[index] as Resource));
          }
        });
      } finally {
        for (const informer of informers) informer.dispose();
        clock.close();
        transport.close();
      }
    });
  }
});

/** Creates, changes and deletes objects at random; connections are cut between rounds, and what comes next may be refused. */
async function churn(served: ServedCluster, seed: number): Promise<void> {
  const random = new Random(seed, 'churn');
  const { api } = served.cluster;
  const makers = [
    [Pods, aPod],
    [Secrets, aSecret],
    [EphemeralRunners, aRunner],
  ] as const;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < CHANGES_A_ROUND; i++) {
      const [resource, make] = makers[random.below(makers.length)] as (typeof makers)[number];
      const name = `object-${random.below(NAMES)}`;
      const labels = { round: String(round) };
      const request = [
        createRequest(resource, make({ namespace: 'lab', name })),
        patchRequest(resource, 'lab', name, { metadata: { labels } }),
        deleteRequest(resource, 'lab', name),
      ][random.below(3)];
      if (request === undefined) continue;
      const reply = api.handle(request);
      if (reply instanceof ApiError) assert.match(reply.reason, /NotFound|AlreadyExists/);
    }
    // The informers have their turn, some rounds on connections that have just been cut.
    await new Promise((resolve) => setImmediate(resolve));
    if (random.below(3) === 0) served.cutConnections();
    if (random.below(8) === 0)
      served.conditions.change({ faults: [{ verb: 'watch', resource: '*', status: 410, times: 2 }] });
    if (random.below(8) === 0)
      served.conditions.change({ faults: [{ verb: 'list', resource: '*', status: 503, times: 1 }] });
  }
}

function stored(served: ServedCluster, resource: Resource): Versions {
  const versions: Versions = {};
  for (const { key, object } of served.cluster.api.store.of(resource).entries()) {
    versions[key] = object.metadata.resourceVersion ?? '';
  }
  return sorted(versions);
}

function sorted(versions: Versions): Versions {
  return Object.fromEntries(Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A process that is spoken to in lines. */
class Program {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  #wake: (() => void) | undefined;

  constructor(path: string, args: readonly string[]) {
    this.#child = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const output = this.#child.stdout;
    assert.ok(output !== null);
    createInterface({ input: output }).on('line', (line) => {
      this.#lines.push(line);
      this.#wake?.();
    });
  }

  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  async line(): Promise<string> {
    while (this.#lines.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#lines.shift() as string;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

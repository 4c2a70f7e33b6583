import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { createRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { listObjects, sendRequest } from '../builders/requests.ts';
import type { ApiRequest } from '../../src/kubernetes/cluster.ts';
import { EphemeralRunners, Namespaces, Pods, Secrets, type Resource } from '../../src/kubernetes/resource.ts';
import { CONTROLLER, RealApiServer, SHADOW } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { goProgram } from '../builders/go-program.ts';
import { aPod, aRunner } from '../builders/objects.ts';
import { type Row } from './measure.ts';

const OBJECTS = 10_000;
/** An hour of a busy cluster, ten changes a second, as fast as the API server takes them. */
const CHANGES = Number(process.env['LOAD_CHANGES'] ?? 36_000);
const AT_A_TIME = 16;

interface Figures {
  readonly syncSeconds: number;
  readonly megabytes: number;
  readonly grownMegabytes: number;
  readonly requests: number;
  readonly isEqual: boolean;
}

/** A large cluster attached to, and an hour of it: the lab's caches beside client-go's on the same kube-apiserver. */
export async function loadBench(): Promise<Row[]> {
  const what = `${OBJECTS} runners and pods, ${CHANGES} changes`;
  const aim = 'memory flat, cache equal to the server';
  const missing = missingTool();
  if (missing !== undefined) return [{ what, ours: missing, peer: '', aim }];
  const server = await RealApiServer.start();
  try {
    const cluster = new RemoteCluster(await server.transport());
    const metadata = { name: 'load' };
    await sendRequest(cluster, createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
    const namespace = 'load';
    await inParallel(cluster, 2 * OBJECTS, (index) => {
      const name = `runner-${index >> 1}`;
      return index % 2 === 0
        ? createRequest(EphemeralRunners, aRunner({ name, namespace }))
        : createRequest(Pods, aPod({ name, namespace }));
    });
    // Their users distinguish them in the API server's audit log.
    const clients = {
      ours: [process.execPath, fileURLToPath(new URL('load-client.ts', import.meta.url)), server.kubeconfig(SHADOW)],
      'client-go': [goProgram('apiserver', 'informer'), server.kubeconfig(CONTROLLER)],
    };
    const started = await Promise.all(Object.values(clients).map((command) => Client.start(command)));
    const settled = started.map((client) => client.megabytes());
    const churn = async (): Promise<void> =>
      inParallel(cluster, CHANGES, (index) => {
        const labels = { change: String(index) };
        const name = `runner-${(index * 7919) % OBJECTS}`;
        return patchRequest(index % 2 === 0 ? EphemeralRunners : Pods, namespace, name, { metadata: { labels } });
      });
    await churn();
    const figures: Figures[] = [];
    for (const [index, client] of started.entries()) {
      const isEqual = await client.equals(cluster);
      const megabytes = client.megabytes();
      const user = index === 0 ? SHADOW : CONTROLLER;
      const requests = readFileSync(server.auditLog, 'utf8').split(`"username":"${user}"`).length - 1;
      figures.push({
        syncSeconds: client.syncSeconds,
        megabytes,
        grownMegabytes: megabytes - (settled[index] ?? 0),
        requests,
        isEqual,
      });
      client.stop();
    }
    const [ours, peer] = figures as [Figures, Figures];
    return [{ what, ours: text(ours), peer: `client-go ${text(peer)}`, aim }];
  } finally {
    server.stop();
  }
}

function text({ syncSeconds, megabytes, grownMegabytes, requests, isEqual }: Figures): string {
  return (
    `synced in ${syncSeconds.toFixed(1)} s, ${Math.round(megabytes)} MB (${Math.round(grownMegabytes)} more after the changes), ` +
    `${requests} requests, cache ${isEqual ? 'equal' : 'NOT equal'}`
  );
}

async function inParallel(
  cluster: RemoteCluster,
  count: number,
  request: (index: number) => ApiRequest,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await sendRequest(cluster, request(next++));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

class Client {
  readonly syncSeconds: number;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, syncSeconds: number) {
    this.#child = child;
    this.#lines = lines;
    this.syncSeconds = syncSeconds;
  }

  static async start([program = '', ...args]: readonly string[]): Promise<Client> {
    const startedMs = performance.now();
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    return new Client(child, lines, (performance.now() - startedMs) / 1000);
  }

  /** Resident memory. */
  megabytes(): number {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) / 1024;
  }

  /** Whether its caches are as the API server is, once the last events have arrived. */
  async equals(cluster: RemoteCluster): Promise<boolean> {
    for (let tries = 20; tries > 0; tries--) {
      this.#child.stdin?.write('dump\n');
      const dump = JSON.parse((await this.#lines.next()).value as string) as Record<string, Record<string, string>>;
      let isEqual = true;
      for (const resource of [Pods, Secrets, EphemeralRunners] as readonly Resource[]) {
        const { items } = await listObjects(cluster, resource, '');
        const held = dump[resource.plural] ?? {};
        isEqual &&=
          Object.keys(held).length === items.length &&
          items.every(({ metadata: m }) => held[`${m.namespace}/${m.name}`] === m.resourceVersion);
      }
      if (isEqual) return true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return false;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import { serveActions } from '../../src/actions/http-server.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { createRequest } from '../../src/kubernetes/request.ts';
import { sendRequest } from '../builders/requests.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { EphemeralRunners, Namespaces, Pods, Secrets } from '../../src/kubernetes/resource.ts';
import { CONTROLLER, RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { goProgram } from '../builders/go-program.ts';
import { aRunner, aSecret } from '../builders/objects.ts';
import { median, RUNS, type Row } from './measure.ts';

const RUNNERS = 1_000;
const WORKERS = '10';
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

interface Figures {
  readonly perSecond: number;
  readonly processorSeconds: number;
  readonly megabytes: number;
}

/** Starts a controller on a namespace as a process of its own. */
type Controller = (kubeconfig: string, namespace: string, actionsUrl: string) => ChildProcess;

const ours: Controller = (kubeconfig, namespace) =>
  spawn(
    process.execPath,
    [CLI, 'run', '--mode', 'new', '--workers', WORKERS, '--qps', '0', '--apply', '--yes'].concat([
      '--kubeconfig',
      kubeconfig,
      '--context',
      CONTROLLER,
      '--namespace',
      namespace,
    ]),
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );

/**
 * Runners brought to pods on the real kube-apiserver, by our controller and by one of controller-runtime that sends the
 * same requests: 10 workers, no client limiter, JIT configs at once.
 */
export async function remoteBench(): Promise<Row[]> {
  const what = `remote, ${RUNNERS} runners to pods in new mode`;
  const aim =
    "as many as controller-runtime; upstream's latest controller made 66 with 4.9 processor seconds and 68 MB";
  const missing = missingTool();
  if (missing !== undefined) return [{ what, ours: missing, peer: '', aim }];
  const program = goProgram('bench/peers/go', 'lifecycle');
  const theirs: Controller = (kubeconfig, namespace, actionsUrl) =>
    spawn(program, [kubeconfig, namespace, WORKERS, actionsUrl], { stdio: ['ignore', 'ignore', 'inherit'] });
  const server = await RealApiServer.start();
  const made: { service?: EmbeddedActionsService } = {};
  const actionsServer = await serveActions(async (request) => (made.service as EmbeddedActionsService).handle(request));
  const transport = await server.transport();
  try {
    const cluster = new RemoteCluster(transport);
    const figures: [Figures[], Figures[]] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      for (const [index, controller] of [ours, theirs].entries()) {
        // Each run has a service of its own, where the runners' names are free.
        made.service = new EmbeddedActionsService({ seed: 1, baseUrl: actionsServer.url, nowMs: Date.now });
        const namespace = `bench-${run}-${index}`;
        await prepare(cluster, namespace, actionsServer.url);
        figures[index]?.push(
          await measure(cluster, namespace, () =>
            controller(server.kubeconfig(CONTROLLER), namespace, actionsServer.url),
          ),
        );
      }
    }
    const [mine, peer] = figures.map(shown) as [string, string];
    return [{ what, ours: mine, peer: `controller-runtime ${peer}`, aim }];
  } finally {
    transport.close();
    await actionsServer.close();
    server.stop();
  }
}

async function prepare(cluster: Cluster, namespace: string, actionsUrl: string): Promise<void> {
  await sendRequest(
    cluster,
    createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
  );
  const token = { github_token: Buffer.from('bench-token').toString('base64') };
  await sendRequest(cluster, createRequest(Secrets, aSecret({ name: 'gh', namespace }, token)));
  for (let first = 0; first < RUNNERS; first += 20) {
    const batch = Array.from({ length: 20 }, (_, index) =>
      aRunner({ name: `runner-${first + index}`, namespace }, { githubConfigUrl: `${actionsUrl}/org` }),
    );
    await Promise.all(batch.map((runner) => sendRequest(cluster, createRequest(EphemeralRunners, runner))));
  }
}

/** From the controller's start to the last pod; its start is part of it for both. */
async function measure(cluster: Cluster, namespace: string, start: () => ChildProcess): Promise<Figures> {
  const done: { resolve?: () => void } = {};
  const pods = new Promise<void>((resolve) => (done.resolve = resolve));
  let count = 0;
  const watch = cluster.watch(Pods, namespace, {
    onList: () => undefined,
    onAdded: () => {
      if (++count === RUNNERS) done.resolve?.();
    },
    onModified: () => undefined,
    onDeleted: () => undefined,
  });
  const started = performance.now();
  const child = start();
  await Promise.race([
    pods,
    new Promise((_resolve, reject) =>
      child.once('exit', (code) => reject(new Error(`the controller ended with ${code}`))),
    ),
  ]);
  const seconds = (performance.now() - started) / 1000;
  const used = usageOf(child.pid as number);
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  watch.dispose();
  return { perSecond: RUNNERS / seconds, ...used };
}

/** Clock ticks a second, as Linux tells processor time. */
const TICKS = 100;

function usageOf(pid: number): { processorSeconds: number; megabytes: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    processorSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
    megabytes: Number(peak) / 1024,
  };
}

function shown(figures: readonly Figures[]): string {
  const of = (read: (one: Figures) => number): number => median(figures.map(read));
  return (
    `${of(({ perSecond }) => perSecond).toFixed(0)} a second, ` +
    `${of(({ processorSeconds }) => processorSeconds).toFixed(1)} processor seconds, ` +
    `${of(({ megabytes }) => megabytes).toFixed(0)} MB`
  );
}

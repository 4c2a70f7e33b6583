import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerLog } from '../../src/kubernetes/embedded/pods/container-logs.ts';
import { createRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { Pods } from '../../src/kubernetes/resource.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import type { Pod } from '../../src/kubernetes/types.ts';
import { ServedCluster, type ServeSettings } from '../../src/serve/served-cluster.ts';
import { aPod } from './objects.ts';
import { sendRequest } from './requests.ts';
import { BARE } from './served-cluster.ts';

export const CONTROLLER_NAMESPACE = 'arc-systems';
export const CONTROLLER_POD = 'arc-gha-rs-controller-0';

/** A controller's pod as its chart makes it. */
export function controllerPod(args: readonly string[] = ['--auto-scaling-runner-set-only']): Pod {
  const labels = {
    'app.kubernetes.io/component': 'controller-manager',
    'app.kubernetes.io/part-of': 'gha-rs-controller',
    'app.kubernetes.io/version': '0.14.2',
  };
  const image = 'ghcr.io/actions/gha-runner-scale-set-controller:0.14.2';
  return aPod(
    { name: CONTROLLER_POD, namespace: CONTROLLER_NAMESPACE, labels },
    { containers: [{ name: 'manager', image, args }], nodeName: 'lab-node-1' },
  );
}

/** How kubelet reports the controller's container. */
export function runningStatus(restartCount = 0): object {
  const startedAt = new Date().toISOString().replace(/\.\d+/, '');
  const last =
    restartCount === 0 ? {} : { lastState: { terminated: { exitCode: 2, startedAt, finishedAt: startedAt } } };
  return {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'manager',
        image: 'i',
        imageID: 'i',
        ready: true,
        restartCount,
        state: { running: { startedAt } },
        ...last,
      },
    ],
  };
}

export async function createController(cluster: Cluster, pod = controllerPod()): Promise<void> {
  await sendRequest(cluster, createRequest(Pods, pod));
  await setStatus(cluster, runningStatus());
}

export async function setStatus(cluster: Cluster, status: object): Promise<void> {
  await sendRequest(cluster, patchRequest(Pods, CONTROLLER_NAMESPACE, CONTROLLER_POD, { status }, 'status'));
}

/** A served cluster with a controller's pod, whose log the test writes. */
export class WatchedCluster {
  readonly served: ServedCluster;
  readonly folder: string;
  readonly kubeconfig: string;

  private constructor(served: ServedCluster) {
    this.served = served;
    this.folder = mkdtempSync(join(tmpdir(), 'arc-lab-watched-'));
    this.kubeconfig = join(this.folder, 'kubeconfig');
    writeFileSync(this.kubeconfig, served.kubeconfig());
  }

  static async start(settings: Partial<ServeSettings> = {}): Promise<WatchedCluster> {
    const served = await ServedCluster.start({
      ...BARE,
      namespaces: ['arc-runners', CONTROLLER_NAMESPACE],
      users: [],
      ...settings,
    });
    await createController(served.cluster);
    return new WatchedCluster(served);
  }

  get log(): ContainerLog {
    return this.served.logs.of(CONTROLLER_NAMESPACE, CONTROLLER_POD, 'manager');
  }

  /** Writes lines of ARC's controller, `agoS` seconds ago. */
  say(agoS: number, ...lines: readonly string[]): void {
    const us = Date.now() * 1000 - agoS * 1e6;
    lines.forEach((line, index) => this.log.write(line, us + index));
  }

  /** The container ends and is started again. */
  async restart(restartCount = 1): Promise<void> {
    this.log.restart();
    await setStatus(this.served.cluster, runningStatus(restartCount));
  }

  async close(): Promise<void> {
    await this.served.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A line of the EphemeralRunner controller, with no more of a stamp than its whole second. */
export function controllerLine(agoS: number, runner: string, message: string, fields: object = {}): string {
  const stamp = `${new Date(Date.now() - agoS * 1000).toISOString().slice(0, 19)}Z`;
  const object = { version: '0.14.2', ephemeralrunner: { name: runner, namespace: 'arc-runners' }, ...fields };
  return `${stamp}\tINFO\tEphemeralRunner\t${message}\t${JSON.stringify(object)}`;
}

/** A line of its HTTP client. */
export function httpLine(agoS: number, text: string): string {
  const stamp = new Date(Date.now() - agoS * 1000).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  return `${stamp} [DEBUG] ${text}`;
}

/** The one worker is in a call that takes the registration of a runner away. */
export function heldLines(agoS: number, runner = 'runner-1', id = 5511): string[] {
  const url = `https://pipelines.actions.githubusercontent.com/x/_apis/distributedtask/pools/0/agents/${id}?api-version=6.0`;
  return [
    controllerLine(agoS, runner, 'Finalizing ephemeral runner'),
    controllerLine(agoS, runner, 'Removing runner from the service', { runnerId: id }),
    httpLine(agoS, `DELETE ${url}`),
  ];
}

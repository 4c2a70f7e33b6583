import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import { getRequest } from '../../src/kubernetes/request.ts';
import type { Pod, Secret } from '../../src/kubernetes/types.ts';
import { Pods, Secrets } from '../../src/kubernetes/resource.ts';
import { CONFIG_FILE, LISTENER_CONTAINER } from '../../src/reconciler/autoscaling-listener/names.ts';
import { DEFAULT_PROCESS } from '../../src/reconciler/process-options.ts';
import type { ServedCluster } from '../../src/serve/served-cluster.ts';
import { targetOf } from '../builders/served-cluster.ts';
import type { ArcBinaries } from './binaries.ts';

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * ARC's own controller and listener, unmodified, as processes on this machine against a served cluster. The controller has
 * a kubeconfig. A listener finds the cluster as in a pod: in a mount namespace of its own, where it sees the files of a
 * service account, and with the name of its pod as host name.
 */
export class RealArc {
  readonly #served: ServedCluster;
  readonly #binaries: ArcBinaries;
  readonly #folder = mkdtempSync(join(tmpdir(), 'real-arc-'));
  readonly #processes = new Set<ChildProcess>();
  readonly #listeners = new Map<string, ChildProcess>();
  readonly #looking: NodeJS.Timeout;
  /** All that they wrote, by process. */
  readonly #logs = new Map<string, string[]>();

  constructor(served: ServedCluster, binaries: ArcBinaries) {
    this.#served = served;
    this.#binaries = binaries;
    this.#startController();
    this.#looking = setInterval(() => this.#followListenerPods(), 50);
  }

  /** What a process has written so far: `controller`, or the name of a listener's pod. */
  log(name: string): string {
    return (this.#logs.get(name) ?? []).join('');
  }

  get listeners(): readonly string[] {
    return [...this.#logs.keys()].filter((name) => name !== 'controller');
  }

  async stop(): Promise<void> {
    clearInterval(this.#looking);
    const ended = [...this.#processes].map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of this.#processes) child.kill('SIGTERM');
    const late = setTimeout(() => this.#processes.forEach((child) => child.kill('SIGKILL')), 5_000);
    await Promise.all(ended);
    clearTimeout(late);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #startController(): void {
    const kubeconfig = join(this.#folder, 'kubeconfig');
    writeFileSync(kubeconfig, this.#served.kubeconfig(), { mode: 0o600 });
    const flags = ['--auto-scaling-runner-set-only', '--port=0', '--metrics-addr=0', '--listener-metrics-addr=0'];
    this.#start('controller', this.#binaries.manager, flags, {
      KUBECONFIG: kubeconfig,
      CONTROLLER_MANAGER_POD_NAMESPACE: DEFAULT_PROCESS.namespace,
      CONTROLLER_MANAGER_CONTAINER_IMAGE: DEFAULT_PROCESS.image,
    });
  }

  /** As a kubelet: a listener runs as long as its pod does. */
  #followListenerPods(): void {
    const { store } = this.#served.cluster.api;
    const running = new Map<string, Pod>();
    for (const { object } of store.of(Pods).entries()) {
      const pod = object as Pod;
      const isListener = pod.spec.containers.some(({ name }) => name === LISTENER_CONTAINER);
      const isUp = pod.status?.phase === 'Running' && pod.metadata.deletionTimestamp === undefined;
      if (isListener && isUp) running.set(pod.metadata.name, pod);
    }
    for (const [name, child] of this.#listeners) {
      if (running.has(name)) continue;
      child.kill('SIGTERM');
      this.#listeners.delete(name);
    }
    for (const [name, pod] of running) {
      if (!this.#listeners.has(name)) this.#startListener(pod);
    }
  }

  #startListener(pod: Pod): void {
    const { name, namespace = '' } = pod.metadata;
    const volumes = (pod.spec.volumes ?? []) as readonly { readonly secret?: { readonly secretName?: string } }[];
    const secretName = volumes.find(({ secret }) => secret?.secretName !== undefined)?.secret?.secretName ?? '';
    const secret = this.#served.cluster.api.handle(getRequest(Secrets, namespace, secretName));
    const config = secret instanceof ApiError ? undefined : (secret as Secret).data?.[CONFIG_FILE];
    if (config === undefined) return;
    const folder = join(this.#folder, name);
    const account = join(folder, 'account');
    mkdirSync(account, { recursive: true });
    const { certificate, tokens } = targetOf(this.#served);
    writeFileSync(join(folder, CONFIG_FILE), Buffer.from(config, 'base64'), { mode: 0o600 });
    writeFileSync(join(account, 'token'), tokens.admin, { mode: 0o600 });
    writeFileSync(join(account, 'ca.crt'), certificate);
    const { hostname, port } = new URL(this.#served.url);
    const script = `mount -t tmpfs tmpfs /var/run && mkdir -p ${ACCOUNT} && mount --bind "$1" ${ACCOUNT} && hostname "$2" && exec "$3"`;
    const args = ['--mount', '--uts', 'sh', '-c', script, 'sh', account, name, this.#binaries.listener];
    const child = this.#start(name, 'unshare', args, {
      LISTENER_CONFIG_PATH: join(folder, CONFIG_FILE),
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
    });
    this.#listeners.set(name, child);
  }

  #start(name: string, program: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const { PATH = '' } = process.env;
    const child = spawn(program, args, { env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = this.#logs.get(name) ?? [];
    this.#logs.set(name, lines);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => lines.push(data.toString()));
    this.#processes.add(child);
    child.once('close', () => this.#processes.delete(child));
    return child;
  }
}

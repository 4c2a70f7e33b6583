import type { Clock } from '../base/clock.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { ContainerProgram } from '../kubernetes/embedded/pods/program.ts';
import { getRequest } from '../kubernetes/request.ts';
import { Secrets } from '../kubernetes/resource.ts';
import { keyOf, type Pod, type Secret } from '../kubernetes/types.ts';
import type { ListenerObserver } from '../listener/observer.ts';
import { ListenerProcess, type ListenerHost } from '../listener/process.ts';
import { CONFIG_FILE } from '../reconciler/autoscaling-listener/names.ts';

/** A kubelet tries again to mount a secret that is not there. */
const MOUNT_US = 1_000_000;

/** The container of a listener's pod: mounts its configuration, and runs the listener with it. */
export class ListenerProgram implements ContainerProgram {
  readonly #host: ListenerHost;
  readonly #pod: Pod;
  readonly #observer: ListenerObserver;
  readonly #exit: (code: number) => void;
  #process: ListenerProcess | undefined;
  #isOver = false;

  constructor(host: ListenerHost, pod: Pod, observer: ListenerObserver, exit: (code: number) => void) {
    this.#host = host;
    this.#pod = pod;
    this.#observer = observer;
    this.#exit = exit;
    this.#mount();
  }

  terminate(): void {
    if (this.#process !== undefined) {
      this.#process.terminate();
      return;
    }
    this.#isOver = true;
    this.#host.clock.schedule(0, this.#exit, 1);
  }

  kill(): void {
    this.#isOver = true;
    this.#process?.kill();
  }

  #mount(): void {
    if (this.#isOver) return;
    const { clock, cluster } = this.#host;
    configOf(clock, cluster, this.#pod, (config) => {
      if (this.#isOver) return;
      if (config === undefined) {
        clock.schedule(MOUNT_US, () => this.#mount(), undefined);
        return;
      }
      const start = { config, key: keyOf(this.#pod.metadata), observer: this.#observer };
      this.#process = new ListenerProcess(this.#host, start, this.#exit);
    });
  }
}

/** The text of the file that a listener's pod mounts; undefined where its secret is missing. */
function configOf(
  clock: Clock,
  cluster: Cluster,
  { metadata, spec }: Pod,
  done: (text: string | undefined) => void,
): void {
  const volumes = (spec.volumes ?? []) as readonly { readonly secret?: { readonly secretName?: string } }[];
  const name = volumes.find(({ secret }) => secret?.secretName !== undefined)?.secret?.secretName;
  if (name === undefined) {
    clock.schedule(0, done, undefined);
    return;
  }
  cluster.send(getRequest(Secrets, metadata.namespace ?? '', name), (reply) => {
    const data = reply instanceof ApiError ? undefined : (reply as Secret).data?.[CONFIG_FILE];
    done(data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8'));
  });
}

import type { HttpTransport } from '../../src/base/http.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import type { Environment } from '../../src/run/environment.ts';
import { EmbeddedEnvironment, LAB_NAMESPACE, type EmbeddedOptions } from '../../src/run/embedded-environment.ts';
import { putGitHubSecret } from '../../src/run/github-secret.ts';
import type { ControllerHooks } from '../../src/run/manage-runners.ts';
import { Run } from '../../src/run/run.ts';

export interface EmbeddedRigOptions extends EmbeddedOptions, ControllerHooks {
  /** Puts something between the controller and its cluster or service, for example to record requests. */
  readonly wrapCluster?: (cluster: Cluster) => Cluster;
  readonly wrapHttp?: (http: HttpTransport) => HttpTransport;
}

/** A run on the embedded cluster whose controller starts, and whose runners come, when a test says so. */
export class EmbeddedRig extends EmbeddedEnvironment {
  readonly #options: EmbeddedRigOptions;
  #run: Run | undefined;

  constructor(options: EmbeddedRigOptions) {
    super(options);
    this.#options = options;
  }

  start(): void {
    const { source, settings, clock, epochMs, secrets, namespace, patienceMs } = this;
    const { reconcilesSets, process } = this;
    const { wrapCluster, wrapHttp } = this.#options;
    const environment: Environment = {
      ...{ source, settings, clock, epochMs, secrets, namespace, patienceMs, reconcilesSets, process },
      cluster: wrapCluster?.(this.cluster) ?? this.cluster,
      http: wrapHttp?.(this.http) ?? this.http,
      startPods: (hooks) => this.startPods(hooks),
      close: () => this.close(),
    };
    this.#run = new Run(environment, this.#options);
  }

  get environment(): this {
    return this;
  }

  get controllers(): Run['controllers'] {
    return this.#started.controllers;
  }

  get trace(): Run['trace'] {
    return this.#started.trace;
  }

  createGitHubSecret(name: string): void {
    putGitHubSecret(this.cluster, LAB_NAMESPACE, name);
  }

  dispose(): void {
    this.#started.end();
  }

  get #started(): Run {
    if (this.#run === undefined) throw new Error('the lab has not been started');
    return this.#run;
  }
}

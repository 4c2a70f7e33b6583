import { ActionsClientCache } from '../../src/actions/client-cache.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { HttpTransport } from '../../src/base/http.ts';
import { SecretRegistry } from '../../src/base/redact.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { EphemeralRunners, Pods } from '../../src/kubernetes/resource.ts';
import { ObserverList } from '../../src/model/observer-list.ts';
import { HOOK_OWNER_LABEL } from '../../src/reconciler/names.ts';
import { reconcileEphemeralRunner } from '../../src/reconciler/reconcile.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import type { ReconcileEffect } from '../../src/runtime/effects.ts';
import { Manager } from '../../src/runtime/manager.ts';
import type { PassObserver } from '../../src/runtime/observer.ts';
import type { Driver, PassInProgress } from '../../src/runtime/pass.ts';
import type { Witness } from './witness.ts';

/** What a controller process runs on, and who may kill it. */
export interface ProcessHost {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly service: HttpTransport;
  readonly namespace: string;
  readonly epochMs: number;
  readonly witness: Witness;
  readonly scenario: { readonly mode: string; readonly workers: number; readonly observer?: PassObserver };
  /** Whether, and when, this effect is the last thing that the process does. */
  crashes(effect: ReconcileEffect): 'before' | 'after' | undefined;
  crash(process: Process): void;
  /** The pass, with a look at what it gets to see. */
  watched(effect: ReconcileEffect, pass: PassInProgress): PassInProgress;
}

/** One controller process, which may be killed: from then on nothing that it would do happens, whatever answers come. */
export class Process implements Driver {
  readonly #host: ProcessHost;
  #inner: Driver | undefined;
  #dead = false;
  readonly manager: Manager;

  constructor(host: ProcessHost) {
    this.#host = host;
    const { clock, cluster, service, scenario, witness, namespace, epochMs } = host;
    const release = RELEASES.get(scenario.mode);
    const clients = new ActionsClientCache(new SecretRegistry(), release.actions);
    const observers = [witness.observer(), ...(scenario.observer === undefined ? [] : [scenario.observer])];
    this.manager = new Manager({
      clock,
      // A process that is dead repeats nothing that it was asked to repeat.
      cluster: {
        send: (request, done) => {
          if (!this.#dead) cluster.send(request, done);
        },
        watch: (resource, namespace, handler) => cluster.watch(resource, namespace, handler),
      },
      http: {
        send: (request, done) => {
          if (!this.#dead) service.send(request, done);
        },
      },
      namespace,
      reconcile: (key) => reconcileEphemeralRunner(key, release, clients),
      primary: EphemeralRunners,
      owned: Pods,
      ownedLabelIndex: HOOK_OWNER_LABEL,
      workers: scenario.workers,
      qps: 20,
      burst: 30,
      epochMs,
      observer: observers.length === 1 ? observers[0] : new ObserverList(observers),
      wrapDriver: (driver) => {
        this.#inner = driver;
        return this;
      },
    });
  }

  get dead(): boolean {
    return this.#dead;
  }

  kill(): void {
    this.#dead = true;
    this.manager.dispose();
    void this.manager.controller.stop();
  }

  perform(effect: ReconcileEffect, pass: PassInProgress): void {
    if (this.#dead) return;
    const when = this.#host.crashes(effect);
    if (when === 'before') {
      this.#host.crash(this);
      return;
    }
    (this.#inner as Driver).perform(effect, this.#host.watched(effect, pass));
    if (when === 'after') this.#host.crash(this);
  }
}

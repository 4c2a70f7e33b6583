import { ActionsClientCache } from '../../src/actions/client-cache.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { HttpTransport } from '../../src/base/http.ts';
import { SecretRegistry } from '../../src/base/redact.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import type { Release } from '../../src/reconciler/releases/release.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import type { ReconcileEffect } from '../../src/runtime/effects.ts';
import type { ControllerSpec } from '../../src/runtime/controller-spec.ts';
import { Controllers } from '../../src/runtime/controllers.ts';
import type { Hearing } from '../../src/runtime/hearing.ts';
import type { PassObserver } from '../../src/runtime/observer.ts';
import type { Driver, PassInProgress, Reply } from '../../src/runtime/pass.ts';

/** What a controller process runs on, and who may kill it. */
export interface ProcessHost {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly service: HttpTransport;
  /** All namespaces for ''. */
  readonly namespace: string;
  readonly epochMs: number;
  readonly scenario: { readonly mode: string; readonly observer?: PassObserver };
  /** The controllers that run in it. */
  specs(release: Release, clients: ActionsClientCache): readonly ControllerSpec[];
  /** Looks on at what they do, from before they start. */
  observe(controllers: Controllers): void;
  /** Whether, and when, this effect is the last thing that the process does. */
  crashes(effect: ReconcileEffect): 'before' | 'after' | undefined;
  crash(process: Process): void;
  /** The reply, with a look at what the pass gets to see. */
  watched(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): Reply;
}

const BROKEN = new Error('a listener of the campaign');

/** A throw costs far more than hearing of an event does: one in this many throws. */
const ONE_IN = 8;

/** One controller process, which may be killed: from then on nothing that it would do happens, whatever answers come. */
export class Process implements Driver {
  readonly #host: ProcessHost;
  #inner: Driver | undefined;
  #dead = false;
  readonly controllers: Controllers;

  constructor(host: ProcessHost) {
    this.#host = host;
    const { clock, cluster, service, scenario, namespace, epochMs } = host;
    const release = RELEASES.get(scenario.mode);
    const clients = new ActionsClientCache(new SecretRegistry(), release.actions);
    this.controllers = new Controllers(host.specs(release, clients), {
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
      qps: 20,
      burst: 30,
      epochMs,
      onListenerError: () => undefined,
      wrapDriver: (driver) => {
        this.#inner = driver;
        return this;
      },
    });
    const { caches, observers } = this.controllers;
    // The first to hear of everything; what it throws is nobody else's concern.
    let heard = 0;
    const fail = (): void => {
      if (heard++ % ONE_IN === 0) throw BROKEN;
    };
    observers.add({ passStarted: fail, requestEnded: fail, passEnded: fail });
    for (const resource of caches.kinds) caches.of(resource).listen(fail);
    host.observe(this.controllers);
    if (scenario.observer !== undefined) observers.add(scenario.observer);
    this.controllers.start();
  }

  get dead(): boolean {
    return this.#dead;
  }

  kill(): void {
    this.#dead = true;
    void this.controllers.stop();
  }

  /** The witnesses judge by the part that a pass is at. */
  get hearing(): Hearing {
    return { lines: this.#inner?.hearing?.lines ?? true, phases: true };
  }

  perform(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): void {
    if (this.#dead) return;
    const when = this.#host.crashes(effect);
    if (when === 'before') {
      this.#host.crash(this);
      return;
    }
    (this.#inner as Driver).perform(effect, pass, this.#host.watched(effect, pass, reply));
    if (when === 'after') this.#host.crash(this);
  }
}

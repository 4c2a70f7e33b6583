import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { HttpTransport } from '../base/http.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { Caches, type CachesOptions } from './caches.ts';
import { Client } from './client.ts';
import { ClusterDriver } from './cluster-driver.ts';
import type { ControllerSpec } from './controller-spec.ts';
import { Controller } from './controller.ts';
import { PassObservers } from './observer.ts';
import type { Driver } from './pass.ts';

export interface ControllersOptions extends Pick<CachesOptions, 'namespace' | 'onWatchError'> {
  readonly clock: Clock;
  readonly cluster: Cluster;
  /** To the Actions service. */
  readonly http: HttpTransport;
  /** Requests a second that the client allows itself for each kind of object; 0 or less means no limit. */
  readonly qps: number;
  readonly burst: number;
  /** Whether requests of all kinds take their tokens from one bucket; default: each kind has its own. */
  readonly sharesBucket?: boolean;
  /** Wall-clock time at clock 0, in milliseconds since 1970. */
  readonly epochMs: number;
  /** Hears of every error that an observer of passes, or a listener of a cache or queue, throws. */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
  /** The number of the first pass, where others were before; 0 without it. */
  readonly firstPass?: number | undefined;
  /** Puts another driver in front, for example one that injects faults. */
  readonly wrapDriver?: ((driver: Driver) => Driver) | undefined;
}

/** The controllers of one process, on caches and a client that they share. */
export class Controllers implements Disposable {
  readonly caches: Caches;
  readonly observers: PassObservers;
  /** What performs the effects of all passes. */
  readonly driver: Driver;
  readonly all: readonly Controller[];

  constructor(specs: readonly ControllerSpec[], options: ControllersOptions) {
    const { clock, cluster, http, qps, burst, sharesBucket, epochMs, onListenerError, wrapDriver } = options;
    let { firstPass: passes = 0 } = options;
    const observers = new PassObservers(onListenerError);
    const caches = new Caches(options);
    const client = new Client({ clock, cluster, qps, burst, sharesBucket, observers });
    const clusterDriver = new ClusterDriver({ clock, caches, client, http, observers, epochMs });
    const driver = wrapDriver?.(clusterDriver) ?? clusterDriver;
    const host = { clock, caches, observers, driver, onListenerError, nextPassId: () => passes++ };
    this.caches = caches;
    this.observers = observers;
    this.driver = driver;
    this.all = specs.map((spec) => new Controller(spec, host));
  }

  /** @throws Error when there is no controller of that name */
  named(name: string): Controller {
    const found = this.all.find((controller) => controller.name === name);
    if (found === undefined) throw new Error(`there is no controller ${name}`);
    return found;
  }

  /** Whether they wait for start(). */
  get held(): boolean {
    return this.all.every(({ held }) => held);
  }

  /** Begins to reconcile; until then the caches are filled and nothing else happens. */
  start(): void {
    for (const controller of this.all) controller.start();
  }

  /** Calls back when every cache has its first list. */
  whenSynced(callback: () => void): void {
    this.caches.whenSynced(this.caches.kinds, callback);
  }

  /**
   * Takes no more keys, ends the watches and resolves when the passes in progress have ended.
   * @param limitUs after this time of the clock they are aborted; never without it
   */
  async stop(limitUs?: number): Promise<void> {
    this.dispose();
    await Promise.all(this.all.map((controller) => controller.stop(limitUs)));
  }

  /**
   * The same in the time of the clock: calls back when the passes in progress have ended, and ends the watches then.
   * @param limitUs after this time they are aborted
   */
  end(limitUs: number, done: () => void): void {
    let left = this.all.length;
    for (const controller of this.all) {
      controller.end(limitUs, () => {
        if (--left > 0) return;
        this.dispose();
        done();
      });
    }
  }

  /** Hears of nothing more; passes in progress go on. */
  dispose(): void {
    for (const controller of this.all) controller.dispose();
    this.caches.dispose();
  }
}

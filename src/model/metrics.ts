import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Address } from '../base/address.ts';
import { systemProblem } from '../base/system-problem.ts';
import type { Controller } from '../runtime/controller.ts';
import type { PassObserver, RequestTarget } from '../runtime/observer.ts';
import type { Outcome, PassInProgress } from '../runtime/pass.ts';

const CONTROLLER = 'ephemeralrunner';
const RESULT_LABELS: Readonly<Record<Outcome['kind'], string>> = {
  done: 'success',
  requeue: 'requeue',
  'requeue-after': 'requeue_after',
  error: 'error',
};
/** The buckets of controller-runtime's and the work queue's histograms, in seconds. */
const RECONCILE_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
const QUEUE_BUCKETS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];

/** The controller's metrics under the names and labels of upstream's, so that dashboards made for it work. */
export class ControllerMetrics implements PassObserver {
  readonly #registry = new Registry();
  readonly #reconciles: Counter<'controller' | 'result'>;
  readonly #errors: Counter<'controller'>;
  readonly #reconcileTime: Histogram<'controller'>;
  readonly #queueTime: Histogram<'name' | 'controller'>;
  readonly #workTime: Histogram<'name' | 'controller'>;
  readonly #requests: Counter<'code' | 'method' | 'host'>;
  readonly #host: string;
  /** By worker: when its pass in progress began. */
  readonly #startedUs = new Map<number, number>();

  /** @param host API server's host, for the label of rest_client_requests_total */
  constructor(host: string) {
    this.#host = host;
    const registers = [this.#registry];
    const counter = <L extends string>(name: string, help: string, labelNames: L[]): Counter<L> =>
      new Counter({ name, help, labelNames, registers });
    const histogram = <L extends string>(
      name: string,
      help: string,
      labelNames: L[],
      buckets: number[],
    ): Histogram<L> => new Histogram({ name, help, labelNames, buckets, registers });
    this.#reconciles = counter('controller_runtime_reconcile_total', 'Reconcile passes by result', [
      'controller',
      'result',
    ]);
    this.#errors = counter('controller_runtime_reconcile_errors_total', 'Reconcile passes that failed', ['controller']);
    this.#reconcileTime = histogram(
      'controller_runtime_reconcile_time_seconds',
      'Time of a reconcile pass',
      ['controller'],
      RECONCILE_BUCKETS,
    );
    this.#queueTime = histogram(
      'workqueue_queue_duration_seconds',
      'Time that a key waited in the queue',
      ['name', 'controller'],
      QUEUE_BUCKETS,
    );
    this.#workTime = histogram(
      'workqueue_work_duration_seconds',
      'Time that a worker held a key',
      ['name', 'controller'],
      QUEUE_BUCKETS,
    );
    this.#requests = counter('rest_client_requests_total', 'Requests to the API server', ['code', 'method', 'host']);
    for (const result of Object.values(RESULT_LABELS)) this.#reconciles.inc({ controller: CONTROLLER, result }, 0);
    this.#errors.inc({ controller: CONTROLLER }, 0);
    // ARC's reconciler ends no pass with a terminal error, and a panic ends its process: both stay 0, as there.
    for (const [name, help] of [
      ['controller_runtime_terminal_reconcile_errors_total', 'Reconcile passes that failed for good'],
      ['controller_runtime_reconcile_panics_total', 'Reconcile passes that panicked'],
    ] as const) {
      counter(name, help, ['controller']).inc({ controller: CONTROLLER }, 0);
    }
  }

  /**
   * Adds the figures that the controller itself keeps.
   * @param nowUs time of the controller's clock
   */
  observe(controller: Controller, workers: number, nowUs: () => number): void {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, labelNames: string[], read: () => number): void => {
      const labels = Object.fromEntries(labelNames.map((label) => [label, CONTROLLER]));
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.set(labels, read());
        },
      });
    };
    const counter = (name: string, help: string, read: () => number): void => {
      let told = 0;
      new Counter({
        name,
        help,
        labelNames: ['name', 'controller'],
        registers,
        collect() {
          const value = read();
          this.inc({ name: CONTROLLER, controller: CONTROLLER }, value - told);
          told = value;
        },
      });
    };
    const { queue } = controller;
    gauge('controller_runtime_max_concurrent_reconciles', 'Workers', ['controller'], () => workers);
    gauge('controller_runtime_active_workers', 'Workers in a pass', ['controller'], () => controller.activeWorkers);
    gauge('workqueue_depth', 'Keys waiting for a worker', ['name', 'controller'], () => queue.length);
    gauge('workqueue_unfinished_work_seconds', 'Time of all passes in progress so far', ['name', 'controller'], () =>
      this.#inProgress(nowUs()).reduce((sum, seconds) => sum + seconds, 0),
    );
    gauge('workqueue_longest_running_processor_seconds', 'Time of the longest one', ['name', 'controller'], () =>
      Math.max(0, ...this.#inProgress(nowUs())),
    );
    counter('workqueue_adds_total', 'Keys added to the queue', () => queue.adds);
    counter('workqueue_retries_total', 'Keys added after a delay', () => queue.retries);
  }

  passStarted(pass: PassInProgress, atUs: number): void {
    this.#startedUs.set(pass.worker, atUs);
    this.#queueTime.observe({ name: CONTROLLER, controller: CONTROLLER }, (atUs - pass.readyUs) / 1e6);
  }

  phaseStarted(): void {
    // Upstream has no metric for phases.
  }

  requestEnded(
    _pass: PassInProgress,
    to: RequestTarget,
    verb: string,
    _resource: string,
    _name: string,
    status: number,
  ): void {
    if (to !== 'kubernetes') return;
    const methods: Readonly<Record<string, string>> = { get: 'GET', list: 'GET', create: 'POST', update: 'PUT' };
    const method = methods[verb] ?? verb.toUpperCase();
    this.#requests.inc({ code: status === 0 ? '<error>' : String(status), method, host: this.#host });
  }

  logged(): void {
    // Log lines are not counted.
  }

  passEnded(pass: PassInProgress, outcome: Outcome, atUs: number): void {
    const seconds = (atUs - (this.#startedUs.get(pass.worker) ?? atUs)) / 1e6;
    this.#startedUs.delete(pass.worker);
    this.#reconciles.inc({ controller: CONTROLLER, result: RESULT_LABELS[outcome.kind] });
    if (outcome.kind === 'error') this.#errors.inc({ controller: CONTROLLER });
    this.#reconcileTime.observe({ controller: CONTROLLER }, seconds);
    this.#workTime.observe({ name: CONTROLLER, controller: CONTROLLER }, seconds);
  }

  /** How long each pass in progress has been going on, in seconds. */
  #inProgress(nowUs: number): number[] {
    return [...this.#startedUs.values()].map((startedUs) => Math.max(0, nowUs - startedUs) / 1e6);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

/**
 * Serves the metrics at /metrics.
 * @returns the port, and what ends the server
 * @throws Error when the address cannot be listened on
 */
export async function serveMetrics(
  metrics: ControllerMetrics,
  { host, port }: Address,
): Promise<{ port: number; close: () => void }> {
  const server: Server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    void metrics.text().then((text) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(`metrics cannot be served at ${host}:${port}: ${systemProblem(error)}`));
    });
    server.listen(port, host, resolve);
  });
  server.unref();
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

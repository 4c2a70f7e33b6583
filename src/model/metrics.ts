import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Controller } from '../runtime/controller.ts';
import type { Controllers } from '../runtime/controllers.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { AnsweredRequest, Outcome, PassRecord } from '../runtime/pass-record.ts';

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

/** Labels of what a work queue counts. */
type QueueLabels = { readonly name: string; readonly controller?: string };

/** From which minor version of controller-runtime on queues' metrics have the label `controller`, and their depth the label `priority`. */
const CONTROLLER_LABEL = 20;
const PRIORITY_LABEL = 22;

/** Counters that stay 0: name, help, since which minor version of controller-runtime, and whether each controller has its own. */
const ALWAYS_0 = [
  ['controller_runtime_terminal_reconcile_errors_total', 'Reconcile passes that failed for good', 20, true],
  ['controller_runtime_reconcile_panics_total', 'Reconcile passes that panicked', 20, true],
  ['controller_runtime_webhook_panics_total', 'Webhooks that panicked', 20, false],
  ['controller_runtime_conversion_webhook_panics_total', 'Conversion webhooks that panicked', 22, false],
  ['controller_runtime_reconcile_timeouts_total', 'Reconcile passes that were given up after their time', 23, true],
] as const;

/** The controllers' metrics under the names and labels of upstream's, so that dashboards made for it work. */
export class ControllerMetrics implements PassObserver {
  /** Others may add theirs: all are written together. */
  readonly registry = new Registry();
  readonly #reconciles: Counter<'controller' | 'result'>;
  readonly #errors: Counter<'controller'>;
  readonly #reconcileTime: Histogram<'controller'>;
  readonly #queueTime: Histogram<'name' | 'controller'>;
  readonly #workTime: Histogram<'name' | 'controller'>;
  readonly #requests: Counter<'code' | 'method' | 'host'>;
  #host = '';
  /** Minor version of controller-runtime. */
  #version = 0;
  readonly #inProgress = new Set<PassRecord>();

  constructor() {
    const registers = [this.registry];
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
  }

  /** ARC's reconcilers end no pass with a terminal error or because of its time, and serve no webhooks: all of these stay 0, as there. */
  #addCounters(all: readonly Controller[]): void {
    const registers = [this.registry];
    for (const [name, help, since, isOfController] of ALWAYS_0) {
      if (this.#version < since) continue;
      const counter = new Counter({ name, help, labelNames: isOfController ? ['controller'] : [], registers });
      if (isOfController) for (const { name: controller } of all) counter.inc({ controller }, 0);
    }
  }

  #queueLabels(name: string): QueueLabels {
    return this.#version >= CONTROLLER_LABEL ? { name, controller: name } : { name };
  }

  /**
   * Adds the figures that controllers keep themselves.
   * @param nowUs time of the controllers' clock
   * @param host API server's host, for the label of rest_client_requests_total
   * @param version minor version of controller-runtime, 20 for 0.20: each has other labels and counters
   */
  observe({ all }: Pick<Controllers, 'all'>, nowUs: () => number, host: string, version: number): void {
    this.#host = host;
    this.#version = version;
    const registers = [this.registry];
    const labelsOf = (name: string): QueueLabels => this.#queueLabels(name);
    this.#addCounters(all);
    const gauge = (name: string, help: string, labelNames: string[], read: (from: Controller) => number): void => {
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          for (const from of all) {
            const labels = labelNames.includes('name') ? labelsOf(from.name) : { controller: from.name };
            this.set(labels, read(from));
          }
        },
      });
    };
    const counter = (name: string, help: string, read: (from: Controller) => number): void => {
      const known = new Map<Controller, number>();
      new Counter({
        name,
        help,
        labelNames: ['name', 'controller'],
        registers,
        collect() {
          for (const from of all) {
            const value = read(from);
            this.inc(labelsOf(from.name), value - (known.get(from) ?? 0));
            known.set(from, value);
          }
        },
      });
    };
    for (const { name: controller } of all) {
      for (const result of Object.values(RESULT_LABELS)) this.#reconciles.inc({ controller, result }, 0);
      this.#errors.inc({ controller }, 0);
    }
    const seconds = (from: Controller): number[] =>
      [...this.#inProgress]
        .filter(({ controller }) => controller === from.name)
        .map(({ startedUs }) => Math.max(0, nowUs() - startedUs) / 1e6);
    gauge('controller_runtime_max_concurrent_reconciles', 'Workers', ['controller'], ({ workers }) => workers);
    gauge('controller_runtime_active_workers', 'Workers in a pass', ['controller'], (from) => from.activeWorkers);
    new Gauge({
      name: 'workqueue_depth',
      help: 'Keys to be reconciled',
      labelNames: ['name', 'controller', 'priority'],
      registers,
      collect() {
        for (const { name, queue } of all) {
          const labels = labelsOf(name);
          // The label is there before there are priorities.
          const priority = version >= PRIORITY_LABEL ? { priority: '' } : {};
          if (!queue.hasPriorities) this.set({ ...labels, ...priority }, queue.depths.get(0) ?? 0);
          else for (const [priority, depth] of queue.depths) this.set({ ...labels, priority: String(priority) }, depth);
        }
      },
    });
    gauge(
      'workqueue_unfinished_work_seconds',
      'Time of all passes in progress so far',
      ['name', 'controller'],
      (from) => seconds(from).reduce((sum, one) => sum + one, 0),
    );
    gauge('workqueue_longest_running_processor_seconds', 'Time of the longest one', ['name', 'controller'], (from) =>
      Math.max(0, ...seconds(from)),
    );
    counter('workqueue_adds_total', 'Keys added to the queue', ({ queue }) => queue.adds);
    counter('workqueue_retries_total', 'Keys added after a delay', ({ queue }) => queue.retries);
  }

  passStarted(pass: PassRecord): void {
    const { controller, startedUs, readyUs } = pass;
    this.#inProgress.add(pass);
    this.#queueTime.observe(this.#queueLabels(controller), (startedUs - readyUs) / 1e6);
  }

  requestEnded(_pass: PassRecord, { to, verb, status }: AnsweredRequest): void {
    if (to !== 'kubernetes') return;
    const methods: Readonly<Record<string, string>> = { get: 'GET', list: 'GET', create: 'POST', update: 'PUT' };
    const method = methods[verb] ?? verb.toUpperCase();
    this.#requests.inc({ code: status === 0 ? '<error>' : String(status), method, host: this.#host });
  }

  passEnded(pass: PassRecord, outcome: Outcome, atUs: number): void {
    const { controller, startedUs } = pass;
    const seconds = (atUs - startedUs) / 1e6;
    this.#inProgress.delete(pass);
    this.#reconciles.inc({ controller, result: RESULT_LABELS[outcome.kind] });
    if (outcome.kind === 'error') this.#errors.inc({ controller });
    this.#reconcileTime.observe({ controller }, seconds);
    this.#workTime.observe(this.#queueLabels(controller), seconds);
  }

  passAborted(pass: PassRecord): void {
    this.#inProgress.delete(pass);
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}

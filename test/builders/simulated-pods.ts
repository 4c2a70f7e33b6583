import assert from 'node:assert/strict';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import { EmbeddedCluster } from '../../src/kubernetes/embedded/embedded-cluster.ts';
import { Kubelet, type KubeletOptions } from '../../src/kubernetes/embedded/kubelet.ts';
import { POD_PRESETS } from '../../src/kubernetes/embedded/pod-presets.ts';
import { parseLife } from '../../src/kubernetes/embedded/pods/parse-life.ts';
import { planOf, type PodTimes } from '../../src/kubernetes/embedded/pods/pod-plan.ts';
import { createRequest, deleteRequest } from '../../src/kubernetes/request.ts';
import { Events, Pods } from '../../src/kubernetes/resource.ts';
import type { KubernetesEvent, Pod } from '../../src/kubernetes/types.ts';
import { aPod } from './objects.ts';

export const SECOND_US = 1_000_000;
const EPOCH_MS = Date.UTC(2026, 0, 1);

/** An embedded cluster in virtual time whose pods live as a document says, or a preset; the controller is left out. */
export class SimulatedPods {
  readonly clock = new VirtualClock();
  readonly cluster: EmbeddedCluster;
  /** Every state of every pod, in the order of the changes. */
  readonly seen: Pod[] = [];
  readonly #kubelet: Kubelet;

  constructor(document: object | string, options: Partial<KubeletOptions & PodTimes> = {}) {
    this.cluster = new EmbeddedCluster(this.clock, {
      seed: 1,
      apiLatencyUs: 0,
      epochMs: EPOCH_MS,
      namespaces: ['arc'],
    });
    this.cluster.api.store.of(Pods).listen((type, _entry, pod) => {
      if (type !== 'deleted') this.seen.push(pod as Pod);
    });
    this.#kubelet = new Kubelet(this.clock, this.cluster, {
      namespace: '',
      seed: 1,
      plan: planOf(parseLife(typeof document === 'string' ? documentOf(document) : document), {
        podStartUs: options.podStartUs ?? SECOND_US,
        jobDurationUs: options.jobDurationUs,
      }),
      nowMs: () => EPOCH_MS + this.clock.nowUs() / 1000,
      jitter: 0,
      events: true,
      ...options,
    });
    this.clock.run(0);
  }

  /** Without a pod: one that is not restarted, as runners' pods. */
  create(pod: Pod = aPod({}, { restartPolicy: 'Never' })): void {
    const reply = this.cluster.api.handle(createRequest(Pods, pod));
    if (reply instanceof ApiError) throw reply;
  }

  delete(name: string, options: Readonly<Record<string, unknown>> = {}): void {
    this.cluster.api.handle(deleteRequest(Pods, 'arc', name, options));
  }

  /** @throws AssertionError when there is no such pod */
  pod(name = 'job1'): Pod {
    return this.find(name) ?? assert.fail(`pod ${name} is gone`);
  }

  find(name = 'job1'): Pod | undefined {
    return this.cluster.api.store.of(Pods).find('arc', name)?.object as Pod | undefined;
  }

  events(): KubernetesEvent[] {
    return [...this.cluster.api.store.of(Events).entries()].map(({ object }) => object as KubernetesEvent);
  }

  /** Runs for this long, or until nothing is left to do. */
  run(seconds = Infinity): void {
    this.clock.run(seconds === Infinity ? Infinity : this.clock.nowUs() + seconds * SECOND_US);
  }

  dispose(): void {
    this.#kubelet.dispose();
  }
}

export function documentOf(preset: string): object {
  const { name: _name, ...document } = POD_PRESETS.find(({ name }) => name === preset) ?? assert.fail(preset);
  return document;
}

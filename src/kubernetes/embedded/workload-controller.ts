import type { Clock } from '../../base/clock.ts';
import { deepEqual } from '../merge-patch.ts';
import { Deployments, ReplicaSets, type Resource } from '../resource.ts';
import type { ApiObject, Workload, WorkloadStatus } from '../types.ts';
import type { ApiServer } from './api-server.ts';

const DELAY_US = 50_000;

/**
 * Says of deployments and replica sets that all their replicas are there. None is: their pods are not made, because
 * nothing here could run the controllers that people deploy.
 */
export class WorkloadController {
  readonly #clock: Clock;
  readonly #api: ApiServer;
  readonly #nowMs: () => number;

  /** @param nowMs wall-clock time in milliseconds since 1970 */
  constructor(clock: Clock, api: ApiServer, nowMs: () => number) {
    this.#clock = clock;
    this.#api = api;
    this.#nowMs = nowMs;
    for (const resource of [Deployments, ReplicaSets]) {
      api.store.of(resource).listen((type, _entry, object) => {
        if (type !== 'deleted') this.#observeLater(resource, object);
      });
    }
  }

  #observeLater(resource: Resource, object: ApiObject): void {
    const { spec, status, metadata } = object as Workload;
    const { replicas = 1 } = spec;
    if (status?.observedGeneration === metadata.generation && (status?.replicas ?? 0) === replicas) return;
    this.#clock.schedule(DELAY_US, () => this.#observe(resource, object), undefined);
  }

  #observe(resource: Resource, { metadata }: ApiObject): void {
    const { namespace = '', name } = metadata;
    const current = this.#api.store.of(resource).find(namespace, name)?.object as Workload | undefined;
    if (current === undefined) return;
    const status = this.#statusOf(resource, current);
    if (deepEqual(status, current.status)) return;
    const at = { resource, namespace, name, subresource: 'status' } as const;
    this.#api.modify(at, (object) => ({ ...object, status }) as ApiObject);
  }

  #statusOf(resource: Resource, { metadata, spec }: Workload): WorkloadStatus {
    const { replicas = 1 } = spec;
    const observedGeneration = metadata.generation ?? 1;
    const counts =
      replicas === 0 ? {} : { readyReplicas: replicas, availableReplicas: replicas, [countOf(resource)]: replicas };
    if (resource === ReplicaSets) return { replicas, ...counts, observedGeneration };
    const now = new Date(Math.floor(this.#nowMs() / 1000) * 1000).toISOString().replace('.000Z', 'Z');
    const since = { status: 'True', lastUpdateTime: now, lastTransitionTime: now };
    return {
      observedGeneration,
      ...(replicas === 0 ? {} : { replicas }),
      ...counts,
      conditions: [
        { type: 'Available', ...since, ...{ reason: 'MinimumReplicasAvailable', message: AVAILABLE } },
        { type: 'Progressing', ...since, ...{ reason: 'NewReplicaSetAvailable', message: PROGRESSED } },
      ],
    };
  }
}

const AVAILABLE = 'Deployment has minimum availability.';
const PROGRESSED = 'ReplicaSet has successfully progressed.';

function countOf(resource: Resource): string {
  return resource === ReplicaSets ? 'fullyLabeledReplicas' : 'updatedReplicas';
}

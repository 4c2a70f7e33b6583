import { HttpTransportError, type HttpTransport } from '../../src/base/http.ts';
import { operationOf } from '../../src/actions/operations.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { withDefaults } from '../../src/kubernetes/embedded/defaults.ts';
import { Pods, type Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';
import type { RecordedRequest } from './recording.ts';

/** Stands between controllers and their ports, and notes their requests in the terms of the recordings. */
export class Witness {
  readonly requests: RecordedRequest[] = [];
  lastRequestMs = 0;
  readonly #nowMs: () => number;
  readonly #onCreated: (resource: Resource, object: ApiObject) => void;

  /** @param onCreated hears of what the controllers have made, as the API server answered it */
  constructor(nowMs: () => number, onCreated: (resource: Resource, object: ApiObject) => void) {
    this.#nowMs = nowMs;
    this.#onCreated = onCreated;
  }

  cluster(cluster: Cluster): Cluster {
    return {
      watch: (resource, namespace, handler) => cluster.watch(resource, namespace, handler),
      send: (request, done) => {
        const { verb, resource, subresource, name, labelSelector } = request;
        const entry = {
          via: 'k8s' as const,
          verb,
          resource: subresource === '' ? resource.plural : `${resource.plural}/${subresource}`,
          ...(name === '' ? {} : { name }),
          ...(labelSelector === '' ? {} : { query: `labelSelector=${encodeURIComponent(labelSelector)}` }),
          body: verb === 'create' ? asStored(resource, request.body as ApiObject) : request.body,
        };
        const index = this.#note({ ...entry, code: 0 });
        cluster.send(request, (reply) => {
          const code = reply instanceof ApiError ? reply.code : verb === 'create' ? 201 : 200;
          this.requests[index] = { ...entry, code };
          if (verb === 'create' && !(reply instanceof ApiError)) this.#onCreated(resource, reply as ApiObject);
          done(reply);
        });
      },
    };
  }

  http(http: HttpTransport): HttpTransport {
    return {
      send: (request, done) => {
        const url = new URL(request.url);
        const body: unknown = request.body === undefined || request.body === '' ? undefined : JSON.parse(request.body);
        const entry = {
          via: 'actions' as const,
          kind: operationOf(request.method, request.url)?.operation ?? '',
          method: request.method,
          path: url.pathname + url.search,
          auth: request.headers['authorization']?.split(' ')[0] ?? '',
          ...(body === undefined ? {} : { body }),
        };
        const index = this.#note({ ...entry, status: 0 });
        http.send(request, (answer) => {
          this.requests[index] = { ...entry, status: answer instanceof HttpTransportError ? 0 : answer.status };
          done(answer);
        });
      },
    };
  }

  #note(request: RecordedRequest): number {
    this.lastRequestMs = this.#nowMs();
    return this.requests.push(request) - 1;
  }
}

/** The audit log shows created objects with the API server's defaults and an empty status. */
function asStored(resource: Resource, object: ApiObject): unknown {
  const stored = withDefaults(resource, object) as ApiObject & { status?: unknown };
  return resource === (Pods as Resource) ? { ...stored, status: {} } : stored;
}

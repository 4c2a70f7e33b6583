import type { ApiRequest } from '../../src/kubernetes/cluster.ts';
import { ApiServer } from '../../src/kubernetes/embedded/api-server.ts';
import { createRequest } from '../../src/kubernetes/request.ts';
import { Namespaces } from '../../src/kubernetes/resource.ts';
import type { EphemeralRunner, EphemeralRunnerSpec, ObjectMeta, Pod, Secret } from '../../src/kubernetes/types.ts';

/** Objects with everything they need and nothing else; a test states only what it is about. */
export function aRunner(metadata: Partial<ObjectMeta> = {}, spec: Partial<EphemeralRunnerSpec> = {}): EphemeralRunner {
  return {
    apiVersion: 'actions.github.com/v1alpha1',
    kind: 'EphemeralRunner',
    metadata: { name: 'job1', namespace: 'arc', ...metadata },
    spec: {
      githubConfigUrl: 'http://actions.lab.invalid/org',
      githubConfigSecret: 'gh',
      runnerScaleSetId: 1,
      spec: { containers: [{ name: 'runner', image: 'runner:1' }] },
      ...spec,
    },
  };
}

export function aPod(metadata: Partial<ObjectMeta> = {}, spec: Partial<Pod['spec']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'job1', namespace: 'arc', ...metadata },
    spec: { containers: [{ name: 'runner', image: 'runner:1' }], ...spec },
  };
}

export function aSecret(metadata: Partial<ObjectMeta> = {}, data: Readonly<Record<string, string>> = {}): Secret {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'job1', namespace: 'arc', ...metadata }, data };
}

/** An embedded API server with the namespace `arc`, whose objects are frozen so that sharing cannot hide a change. */
export function anApiServer(): ApiServer {
  const api = new ApiServer(1, () => Date.UTC(2026, 0, 1));
  api.handle(createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'arc' } }));
  const handle = api.handle.bind(api);
  api.handle = (request: ApiRequest) => deepFreeze(handle({ ...request, body: deepFreeze(request.body) }));
  return api;
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Error) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

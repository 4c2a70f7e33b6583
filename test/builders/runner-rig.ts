import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { HttpRequest } from '../../src/base/http.ts';
import type { ApiReply, ApiRequest } from '../../src/kubernetes/cluster.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';
import { LAB_NAMESPACE } from '../../src/run/embedded-environment.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../src/run/settings.ts';
import { EmbeddedRig } from './embedded-rig.ts';

/** A lab with what its controller sends, in words with times. */
export function aRig(mode: string, options: Partial<ConstructorParameters<typeof EmbeddedRig>[0]> = {}) {
  const clock = new VirtualClock();
  const sent: { what: string; atUs: number; body: unknown }[] = [];
  const http: HttpRequest[] = [];
  const rig = new EmbeddedRig({
    clock,
    epochMs: VIRTUAL_EPOCH_MS,
    settings: { ...DEFAULT_SETTINGS, mode, workers: 1 },
    controllers: false,
    wrapCluster: (cluster) => ({
      watch: (resource, namespace, handler) => cluster.watch(resource, namespace, handler),
      send: (request, done) => {
        sent.push({ what: words(request), atUs: clock.nowUs(), body: request.body });
        cluster.send(request, done);
      },
    }),
    wrapHttp: (transport) => ({
      send: (request, done) => {
        http.push(request);
        transport.send(request, done);
      },
    }),
    ...options,
  });
  const act = (request: ApiRequest): ApiReply => rig.cluster.api.handle(request);
  return { clock, rig, sent, http, act };
}

function words({ verb, resource, subresource, name, labelSelector }: ApiRequest): string {
  return `${verb} ${resource.plural}${subresource === '' ? '' : '/status'} ${name}${labelSelector}`.trim();
}

export function inRunnerNamespace(object: ApiObject): ApiObject {
  return { ...object, metadata: { ...object.metadata, namespace: LAB_NAMESPACE } };
}

/** Of a runner of the embedded lab. */
export const spec = { githubConfigUrl: 'http://actions.lab.invalid/org', githubConfigSecret: 'github-config' };

import type { VirtualClock } from '../../src/base/virtual-clock.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster, ObjectList } from '../../src/kubernetes/cluster.ts';
import { listRequest } from '../../src/kubernetes/request.ts';
import type { Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';

/** @throws ApiError as the API server answered */
export function sendRequest(cluster: Cluster, request: ApiRequest): Promise<ApiReply> {
  return new Promise((resolve, reject) => {
    cluster.send(request, (reply) => (reply instanceof ApiError ? reject(reply) : resolve(reply)));
  });
}

export async function listObjects<T extends ApiObject>(
  cluster: Cluster,
  resource: Resource<T>,
  namespace: string,
): Promise<ObjectList<T>> {
  return (await sendRequest(cluster, listRequest(resource, namespace))) as ObjectList<T>;
}

/**
 * Sends requests in virtual time, and lets it pass until all are answered.
 * @throws ApiError as the API server answered
 */
export function answersOf(clock: VirtualClock, cluster: Cluster, requests: readonly ApiRequest[]): ApiReply[] {
  const replies: ApiReply[] = [];
  for (const request of requests) cluster.send(request, (reply) => replies.push(reply));
  clock.run(Infinity, () => replies.length === requests.length);
  for (const reply of replies) if (reply instanceof ApiError) throw reply;
  return replies;
}

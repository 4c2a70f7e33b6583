import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  CustomResourceDefinitions,
  Deployments,
  EphemeralRunners,
  EphemeralRunnerSets,
  Pods,
  Secrets,
  type Resource,
} from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';

/** What is looked at before an upgrade. Of secrets the names are. */
export const LOOKED_AT: readonly Resource[] = [
  EphemeralRunners,
  EphemeralRunnerSets,
  AutoscalingRunnerSets,
  AutoscalingListeners,
  Pods,
  Secrets,
  Deployments,
  CustomResourceDefinitions,
];

/** Of a secret no more is kept than its name: annotations may hold what its data does. */
export function keptOf(resource: Resource, object: ApiObject): ApiObject {
  if (resource !== (Secrets as Resource)) return object;
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

import type { Resource } from '../../src/kubernetes/resource.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  CustomResourceDefinitions,
  Deployments,
  EphemeralRunners,
  EphemeralRunnerSets,
  Pods,
  Secrets,
} from '../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';
import { LOOKED_AT } from '../../src/upgrade/kinds.ts';
import { Snapshot } from '../../src/upgrade/snapshot.ts';

const NAMESPACE = 'arc-runners';
const CONTROLLER_NAMESPACE = 'arc-systems';

type Fields = Readonly<Record<string, unknown>>;

function object(resource: Resource, namespace: string, name: string, fields: Fields, metadata: Fields = {}): ApiObject {
  const { apiVersion, kind } = resource;
  const place = namespace === '' ? { name } : { name, namespace };
  return { apiVersion, kind, metadata: { ...place, ...metadata }, ...fields };
}

export function controller(version: string, args: readonly string[] = []): ApiObject {
  const image = `ghcr.io/actions/gha-runner-scale-set-controller:${version}`;
  const spec = { replicas: 1, template: { spec: { containers: [{ name: 'manager', image, args }] } } };
  const metadata = {
    labels: { 'app.kubernetes.io/part-of': 'gha-rs-controller', 'app.kubernetes.io/version': version },
    annotations: { 'meta.helm.sh/release-name': 'arc' },
  };
  return object(Deployments, CONTROLLER_NAMESPACE, 'arc-gha-rs-controller', { spec }, metadata);
}

export function runner(name: string, status?: Fields, metadata: Fields = {}): ApiObject {
  return object(EphemeralRunners, NAMESPACE, name, { spec: {}, ...(status && { status }) }, metadata);
}

export function secret(name: string): ApiObject {
  return object(Secrets, NAMESPACE, name, {});
}

export function pod(name: string, status: Fields): ApiObject {
  const metadata = { labels: { 'actions-ephemeral-runner': 'True' } };
  return object(Pods, NAMESPACE, name, { spec: { containers: [] }, status }, metadata);
}

export function scaleSet(name: string, version: string): ApiObject {
  const metadata = {
    labels: { 'app.kubernetes.io/version': version },
    annotations: { 'meta.helm.sh/release-name': name },
  };
  const spec = { githubConfigUrl: 'https://github.com/example', runnerGroup: 'default' };
  return object(AutoscalingRunnerSets, NAMESPACE, name, { spec }, metadata);
}

export function listener(name: string, ofScaleSet: string): ApiObject {
  const spec = { autoscalingRunnerSetNamespace: NAMESPACE, autoscalingRunnerSetName: ofScaleSet };
  return object(AutoscalingListeners, CONTROLLER_NAMESPACE, name, { spec });
}

export function runnerSet(name: string, metadata: Fields = {}): ApiObject {
  return object(EphemeralRunnerSets, NAMESPACE, name, { spec: {} }, { uid: `uid-of-${name}`, ...metadata });
}

/** A definition with these fields of the status, each with its schema. */
export function definition(resource: Resource, status: Fields): ApiObject {
  const openAPIV3Schema = { type: 'object', properties: { status: { type: 'object', properties: status } } };
  const versions = [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema } }];
  const name = `${resource.plural}.${resource.group}`;
  return object(CustomResourceDefinitions, '', name, { spec: { versions } });
}

/** Definitions of the version in which failures had times, jobs an id and sets a phase. */
export const NEW_DEFINITIONS: readonly ApiObject[] = [
  definition(EphemeralRunners, {
    failures: { type: 'object', additionalProperties: { type: 'string', format: 'date-time' } },
    jobId: { type: 'string' },
  }),
  definition(EphemeralRunnerSets, { phase: { type: 'string' } }),
];

/** These objects, with everything read. */
export function snapshot(...objects: readonly ApiObject[]): Snapshot {
  const ofKind = (resource: Resource): readonly ApiObject[] => objects.filter(({ kind }) => kind === resource.kind);
  return new Snapshot('the context test', '', new Map(LOOKED_AT.map((one) => [one, ofKind(one)])), new Map());
}

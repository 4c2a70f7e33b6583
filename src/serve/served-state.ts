import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isLabel, type KeptScaleSet, type ScaleSetsState } from '../actions/embedded-scale-sets.ts';
import type { ActionsState } from '../actions/embedded-service.ts';
import type { RunnerReference } from '../actions/client.ts';
import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { KeyPair } from '../kubernetes/embedded/http/certificates.ts';
import type { ClusterState } from '../kubernetes/embedded/cluster-state.ts';
import { allResources } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';

/** What a served cluster needs to go on as if it had never stopped, for its clients too. */
export interface ServedState {
  readonly cluster: ClusterState;
  readonly actions: ActionsState;
  /** Signs the server's certificate; kubeconfigs name it as the one to trust. */
  readonly authority: KeyPair;
  /** By user. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly ports: Ports;
}

export interface Ports {
  readonly api: number;
  readonly actions: number;
}

export const STATE_VERSION = 2;

/** More than a cluster can give out between two savings of its state. */
const RESERVED = { versions: 1_000_000, ids: 100_000 };

/**
 * The state as it is saved while the cluster goes on: whatever it gives out before the next saving, an heir that knows
 * this state alone gives out none of it again.
 */
export function withReserve(state: ServedState): ServedState {
  const { cluster, actions } = state;
  return {
    ...state,
    cluster: { ...cluster, resourceVersion: cluster.resourceVersion + RESERVED.versions },
    actions: { ...actions, nextId: actions.nextId + RESERVED.ids },
  };
}

export function stateText({ cluster, ...state }: ServedState): string {
  const objects = cluster.objects.map(([, object]) => object);
  return `${JSON.stringify({ version: STATE_VERSION, ...state, cluster: { ...cluster, objects } })}\n`;
}

/** @throws Error with what is wrong, as the end of a sentence */
export function stateOf(value: JsonObject): ServedState {
  const { cluster, actions, authority, tokens, ports } = value;
  if (!isRecord(tokens, isText)) throw new Error('its tokens are missing');
  const { api, actions: actionsPort } = isJsonObject(ports) ? ports : {};
  if (!isCount(api) || !isCount(actionsPort)) throw new Error('its ports are missing');
  return {
    cluster: clusterOf(cluster),
    actions: actionsOf(actions),
    authority: authorityOf(authority),
    tokens,
    ports: { api, actions: actionsPort },
  };
}

function clusterOf(value: unknown): ClusterState {
  const { resourceVersion, objects, foreign } = isJsonObject(value) ? value : {};
  const { owners, pods } = isJsonObject(foreign) ? foreign : {};
  if (!isCount(resourceVersion) || !Array.isArray(objects) || !isListOf(owners, isText) || !isListOf(pods, isText)) {
    throw new Error('its objects are missing');
  }
  const byKind = new Map(allResources.map((resource) => [`${resource.apiVersion} ${resource.kind}`, resource]));
  return {
    resourceVersion,
    foreign: { owners, pods },
    objects: objects.map((object: unknown) => {
      const { apiVersion, kind, metadata } = isJsonObject(object) ? object : {};
      const resource = byKind.get(`${String(apiVersion)} ${String(kind)}`);
      const { name, namespace, resourceVersion: version, uid } = isJsonObject(metadata) ? metadata : {};
      const isWhole = isText(name) && isText(uid) && isText(version) && (namespace === undefined || isText(namespace));
      if (!isWhole) throw new Error('it holds something that is not an object of a cluster');
      if (resource === undefined)
        throw new Error(`it holds a ${String(kind)} of ${String(apiVersion)}, which is not served`);
      return [resource, object as ApiObject] as const;
    }),
  };
}

function actionsOf(value: unknown): ActionsState {
  const { nextId, runners, busy, scaleSets } = isJsonObject(value) ? value : {};
  if (!isCount(nextId) || !isListOf(runners, isRunner) || !isListOf(busy, isCount)) {
    throw new Error('its registrations are missing');
  }
  return { nextId, runners, busy, scaleSets: scaleSetsOf(scaleSets) };
}

/** States that were saved before the service had scale sets have none. */
function scaleSetsOf(value: unknown): ScaleSetsState {
  if (value === undefined) return { nextId: 1, sets: [] };
  const { nextId, sets } = isJsonObject(value) ? value : {};
  if (!isCount(nextId) || !isListOf(sets, isKeptScaleSet)) throw new Error('its scale sets are missing');
  return { nextId, sets };
}

function authorityOf(value: unknown): KeyPair {
  const { certificate, key } = isJsonObject(value) ? value : {};
  if (isText(certificate) && isText(key)) {
    try {
      if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) return { certificate, key };
    } catch {
      // Neither is what it should be.
    }
  }
  throw new Error('its certificate authority is missing or damaged');
}

function isKeptScaleSet(value: unknown): value is KeptScaleSet {
  const { id, name, runnerGroupId, labels, RunnerSetting, createdOn } = isJsonObject(value) ? value : {};
  const isNamed = isCount(id) && isText(name) && isCount(runnerGroupId) && isText(createdOn);
  return isNamed && isListOf(labels, isLabel) && isJsonObject(RunnerSetting);
}

function isRunner(value: unknown): value is RunnerReference {
  const { id, name, runnerScaleSetId } = isJsonObject(value) ? value : {};
  return isCount(id) && isText(name) && isCount(runnerScaleSetId);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

function isRecord<T>(value: unknown, is: (item: unknown) => item is T): value is Readonly<Record<string, T>> {
  return isJsonObject(value) && Object.values(value).every(is);
}

import { Random } from '../../base/random.ts';
import {
  alreadyExists,
  ApiError,
  badRequest,
  conflict,
  forbidden,
  invalid,
  notFound,
  type FieldError,
} from '../api-error.ts';
import type { ApiReply, ApiRequest } from '../cluster.ts';
import { applyMergePatch } from '../merge-patch.ts';
import { apiVersionOf, Namespaces, Pods, ResourceQuotas, type Resource } from '../resource.ts';
import { parseLabelSelector, singleEquality } from '../selector.ts';
import type { ApiObject, ObjectMeta, Pod, ResourceQuota } from '../types.ts';
import { withDefaults } from './defaults.ts';
import { ObjectStore, type Collection, type Entry } from './store.ts';
import { validate } from './validation.ts';

interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/**
 * The API server's rules over a store: what each verb does to an object and with which Status it is refused.
 * Synchronous and without latency; EmbeddedCluster adds time.
 */
export class ApiServer {
  readonly store = new ObjectStore();
  readonly #random: Random;
  readonly #nowMs: () => number;
  #nowSeconds = -1;
  #nowText = '';

  /** @param nowMs wall-clock time in milliseconds since 1970, for timestamps */
  constructor(seed: number, nowMs: () => number) {
    this.#random = new Random(seed, 'uid');
    this.#nowMs = nowMs;
  }

  handle(request: ApiRequest): ApiReply {
    try {
      const collection = this.store.of(request.resource);
      switch (request.verb) {
        case 'get':
          return this.#existing(collection, request).object;
        case 'list':
          return this.#list(collection, request);
        case 'create':
          return this.#create(collection, request);
        case 'patch':
          return this.#patch(collection, request);
        case 'update':
          return this.#update(collection, request);
        case 'delete':
          return this.#delete(collection, request);
      }
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  }

  #existing(collection: Collection, request: ApiRequest): Entry {
    const { resource, namespace, name } = request;
    const entry = collection.find(resource.namespaced ? namespace : '', name);
    if (entry === undefined) throw notFound(resource, name);
    return entry;
  }

  #list(collection: Collection, { resource, namespace, labelSelector }: ApiRequest): ApiReply {
    const equality = singleEquality(labelSelector);
    const candidates =
      equality === undefined ? collection.entries() : collection.withLabel(equality.key, equality.value);
    const matches = equality === undefined ? parseLabelSelector(labelSelector) : undefined;
    const items: ApiObject[] = [];
    for (const { object } of candidates) {
      if (resource.namespaced && namespace !== '' && object.metadata.namespace !== namespace) continue;
      if (matches?.(object.metadata.labels) === false) continue;
      items.push(object);
    }
    return { resourceVersion: this.store.resourceVersion, items };
  }

  #create(collection: Collection, { resource, namespace, body }: ApiRequest): ApiReply {
    const { status, ...given } = body as ApiObject & { status?: unknown };
    const name = this.#nameFor(given.metadata);
    if (resource.namespaced) this.#checkNamespace(namespace);
    const object = withDefaults(resource, {
      ...given,
      ...(status === undefined || resource.statusSubresource ? {} : { status }),
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      metadata: this.#newMetadata(resource, given.metadata, namespace, name),
    });
    const errors = validate(resource, object);
    if (errors.length > 0) throw invalid(resource, name, errors);
    if (resource === Pods) this.#checkQuota(namespace, name);
    if (collection.find(resource.namespaced ? namespace : '', name) !== undefined) {
      throw alreadyExists(resource, name);
    }
    return collection.add(object);
  }

  #nameFor(meta: ObjectMeta): string {
    if (meta.name !== undefined && meta.name !== '') return meta.name;
    if (meta.generateName === undefined) throw badRequest('name or generateName is required');
    return meta.generateName + this.#random.hex(5);
  }

  #newMetadata(resource: Resource, given: ObjectMeta, namespace: string, name: string): ObjectMeta {
    const { labels, annotations, finalizers, ownerReferences } = given;
    const metadata: Record<string, unknown> = { name };
    if (resource.namespaced) metadata['namespace'] = namespace;
    metadata['uid'] = this.#uid();
    metadata['creationTimestamp'] = this.#now();
    if (resource.statusSubresource && resource !== Namespaces) metadata['generation'] = 1;
    if (labels !== undefined) metadata['labels'] = labels;
    if (annotations !== undefined) metadata['annotations'] = annotations;
    if (finalizers !== undefined) metadata['finalizers'] = finalizers;
    if (ownerReferences !== undefined) metadata['ownerReferences'] = ownerReferences;
    return metadata as unknown as ObjectMeta;
  }

  #patch(collection: Collection, request: ApiRequest): ApiReply {
    const entry = this.#existing(collection, request);
    const { resource, subresource, body } = request;
    this.#checkResourceVersion(request, entry, (body as Partial<ApiObject>).metadata?.resourceVersion);
    if (subresource === 'status') {
      const before = entry.object as { status?: unknown };
      const status = applyMergePatch(before.status ?? {}, (body as { status?: unknown }).status ?? {});
      if (status === before.status) return entry.object;
      return collection.replace(entry, { ...entry.object, status } as ApiObject);
    }
    const patched = applyMergePatch(entry.object, body) as ApiObject;
    return this.#store(collection, resource, entry, patched);
  }

  #update(collection: Collection, request: ApiRequest): ApiReply {
    const entry = this.#existing(collection, request);
    const given = request.body as ApiObject & { status?: unknown };
    this.#checkResourceVersion(request, entry, given.metadata.resourceVersion);
    if (request.subresource === 'status') {
      return collection.replace(entry, { ...entry.object, status: given.status } as ApiObject);
    }
    return this.#store(collection, request.resource, entry, given);
  }

  /** The part that patch and update share: what may not change does not, and the last finalizer ends the object. */
  #store(collection: Collection, resource: Resource, entry: Entry, wanted: ApiObject): ApiReply {
    const before = entry.object as ApiObject & { status?: unknown; spec?: unknown };
    if (wanted === before) return before;
    const old = before.metadata;
    const next = wanted as ApiObject & { status?: unknown; spec?: unknown };
    if (next.metadata.name !== old.name || (next.metadata.uid !== undefined && next.metadata.uid !== old.uid)) {
      throw badRequest('the name and the uid of an object cannot be changed');
    }
    this.#checkNewFinalizers(resource, before, next.metadata.finalizers ?? []);
    const metadata = protectedMetadata(old, next.metadata, next.spec !== before.spec);
    const merged: ApiObject & { status?: unknown } = { ...next, metadata };
    const object = resource.statusSubresource ? keepStatus(merged, before.status) : merged;
    if (old.deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).length === 0 && !isGraceful(object)) {
      return collection.remove(entry, object);
    }
    return collection.replace(entry, object);
  }

  #delete(collection: Collection, request: ApiRequest): ApiReply {
    const entry = this.#existing(collection, request);
    const { resource } = request;
    const options = (request.body ?? {}) as DeleteOptions;
    const meta = entry.object.metadata;
    const { preconditions } = options;
    if (preconditions?.uid !== undefined && preconditions.uid !== meta.uid) {
      const why = `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${meta.uid ?? ''}`;
      throw conflict(resource, meta.name, why);
    }
    this.#checkResourceVersion(request, entry, preconditions?.resourceVersion);
    const graceSeconds = resource === Pods ? gracePeriodOf(entry.object as Pod, options.gracePeriodSeconds) : 0;
    if ((meta.finalizers ?? []).length === 0 && graceSeconds === 0) return collection.remove(entry);
    const shorter = graceSeconds < (meta.deletionGracePeriodSeconds ?? 0);
    if (meta.deletionTimestamp !== undefined && !shorter) return entry.object;
    const metadata: ObjectMeta = {
      ...meta,
      deletionTimestamp: this.#now(graceSeconds),
      deletionGracePeriodSeconds: graceSeconds,
      ...(meta.generation === undefined ? {} : { generation: meta.generation + 1 }),
    };
    return collection.replace(entry, { ...entry.object, metadata });
  }

  #checkNamespace(namespace: string): void {
    const entry = this.store.of(Namespaces).find('', namespace);
    if (entry === undefined) throw notFound(Namespaces, namespace);
  }

  /** Pods are the only thing the lab counts; quotas of other resources are stored and not enforced. */
  #checkQuota(namespace: string, name: string): void {
    const quotas = this.store.of(ResourceQuotas);
    if (quotas.size === 0) return;
    for (const { object } of quotas.entries()) {
      const quota = object as ResourceQuota;
      const limit = quota.spec?.hard?.['pods'];
      if (quota.metadata.namespace !== namespace || limit === undefined) continue;
      let used = 0;
      for (const entry of this.store.of(Pods).entries()) {
        const pod = entry.object as Pod;
        const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
        if (pod.metadata.namespace === namespace && !ended) used++;
      }
      if (used + 1 > Number(limit)) {
        const why = `exceeded quota: ${quota.metadata.name}, requested: pods=1, used: pods=${used}, limited: pods=${limit}`;
        throw forbidden(Pods, name, why);
      }
    }
  }

  #checkResourceVersion({ resource, name }: ApiRequest, entry: Entry, wanted: string | undefined): void {
    if (wanted === undefined || wanted === entry.object.metadata.resourceVersion) return;
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(resource, name, why);
  }

  #checkNewFinalizers(resource: Resource, before: ApiObject, finalizers: readonly string[]): void {
    if (before.metadata.deletionTimestamp === undefined) return;
    const added = finalizers.filter((finalizer) => before.metadata.finalizers?.includes(finalizer) !== true);
    if (added.length === 0) return;
    const listed = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
    const error: FieldError = {
      field: 'metadata.finalizers',
      reason: 'FieldValueForbidden',
      message:
        'Forbidden: no new finalizers can be added if the object is being deleted, ' +
        `found new finalizers []string{${listed}}`,
    };
    throw invalid(resource, before.metadata.name, [error]);
  }

  #uid(): string {
    const hex = this.#random.hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  /** RFC 3339 with whole seconds, as the API server writes times; the text is made once a second. */
  #now(plusSeconds = 0): string {
    const seconds = Math.floor(this.#nowMs() / 1000) + plusSeconds;
    if (seconds !== this.#nowSeconds) {
      this.#nowSeconds = seconds;
      this.#nowText = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
    }
    return this.#nowText;
  }
}

/**
 * The metadata a client wants, with the fields that are the server's to set as they were. Fields are added, never deleted:
 * an object that had a field deleted is slow from then on, and there are many of these.
 */
function protectedMetadata(old: ObjectMeta, wanted: ObjectMeta, specChanged: boolean): ObjectMeta {
  const { uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds } = old;
  const { generation: _generation, deletionTimestamp: _timestamp, deletionGracePeriodSeconds: _grace } = wanted;
  const isDeletionKept = _timestamp === deletionTimestamp && _grace === deletionGracePeriodSeconds;
  if (wanted.uid === uid && wanted.creationTimestamp === creationTimestamp && isDeletionKept) {
    if (_generation === generation && !specChanged) return wanted;
    if (generation === undefined) return wanted;
    return { ...wanted, generation: specChanged ? generation + 1 : generation };
  }
  return {
    name: old.name,
    ...(old.namespace === undefined ? {} : { namespace: old.namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(generation === undefined ? {} : { generation: specChanged ? generation + 1 : generation }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
    ...(wanted.labels === undefined ? {} : { labels: wanted.labels }),
    ...(wanted.annotations === undefined ? {} : { annotations: wanted.annotations }),
    ...(wanted.finalizers === undefined ? {} : { finalizers: wanted.finalizers }),
    ...(wanted.ownerReferences === undefined ? {} : { ownerReferences: wanted.ownerReferences }),
  };
}

function keepStatus(object: ApiObject & { status?: unknown }, status: unknown): ApiObject {
  if (object.status === status) return object;
  const { status: _ignored, ...rest } = object;
  return (status === undefined ? rest : { ...rest, status }) as ApiObject;
}

/** A pod that no node runs, or that has ended, goes at once; others wait for their kubelet. */
function gracePeriodOf(pod: Pod, wanted: number | undefined): number {
  const phase = pod.status?.phase;
  if (pod.spec.nodeName === undefined || pod.spec.nodeName === '') return 0;
  if (phase === 'Succeeded' || phase === 'Failed') return 0;
  return Math.max(0, wanted ?? pod.spec.terminationGracePeriodSeconds ?? 30);
}

function isGraceful(object: ApiObject): boolean {
  return (object.metadata.deletionGracePeriodSeconds ?? 0) > 0;
}

import { copyWith } from '../../base/copy.ts';
import { Random } from '../../base/random.ts';
import { alreadyExists, ApiError, conflict, forbidden, invalid, notFound, qualifiedKind } from '../api-error.ts';
import type { ApiReply, ApiRequest } from '../cluster.ts';
import { applyMergePatch, deepEqual } from '../merge-patch.ts';
import { CustomResourceDefinitions, Namespaces, Pods, Services, type Resource } from '../resource.ts';
import { parseLabelSelector, singleEquality } from '../selector.ts';
import type { ApiObject, Namespace, ObjectMeta, Pod, Service } from '../types.ts';
import { bound } from './binding.ts';
import { withCreationDefaults } from './defaults.ts';
import { checkDefinition } from './definitions.ts';
import { parseFieldSelector } from './field-selector.ts';
import { rulesOf } from './kinds.ts';
import { FOREGROUND, generatedName, keepStatus, ORPHAN, protectedMetadata } from './metadata.ts';
import { checkPodQuota } from './quota.ts';
import { keepAllocated } from './service-defaults.ts';
import { ObjectStore, type Collection, type Entry } from './store.ts';
import { newFinalizers, validate, validateUpdate } from './validation.ts';
import { fromStored, toStored } from './views.ts';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: string;
}

export interface WriteOptions {
  /** Go through everything and store nothing. */
  readonly dryRun?: boolean;
}

export interface ObjectAddress {
  readonly resource: Resource;
  /** Empty for kinds without namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: ApiRequest['subresource'];
}

type Whole = ApiObject & { readonly spec?: unknown; readonly status?: unknown };

/**
 * The API server's rules over a store: what each verb does to an object and with which Status it is refused.
 * Synchronous and without latency; EmbeddedCluster adds time. Callers inside the process are trusted to give
 * well-formed objects, what comes over HTTP has been decoded before.
 */
export class ApiServer {
  readonly store: ObjectStore;
  /** Pods by namespace that count against quotas and are not in the store: those under an overlay. */
  readonly podsElsewhere = new Map<string, number>();
  /** Uids of what belongs to the cluster that loaded objects come from: owners that stayed there, pods that run there. */
  readonly foreign = { owners: new Set<string>(), pods: new Set<string>() };
  readonly #random: Random;
  readonly #nowMs: () => number;
  #nowSeconds = -1;
  #nowText = '';

  /** @param nowMs wall-clock time in milliseconds since 1970, for timestamps */
  constructor(seed: number, nowMs: () => number, store = new ObjectStore()) {
    this.store = store;
    this.#random = new Random(seed, 'uid');
    this.#nowMs = nowMs;
  }

  /** Changes requests, or throws an ApiError to refuse them. */
  admit: ((request: ApiRequest) => ApiRequest) | undefined;

  handle(asked: ApiRequest): ApiReply {
    try {
      const request = this.admit?.(asked) ?? asked;
      switch (request.verb) {
        case 'get':
          // Passes ask for much that is not there: an answer, which costs a fraction of an exception.
          return this.#find(request)?.object ?? notFound(request.resource, request.name);
        case 'list':
          return this.#list(request);
        case 'create':
          if (request.subresource === 'binding') return this.#bind(request);
          return this.create(request.resource, request.namespace, request.body as ApiObject);
        case 'patch':
          return this.#patch(request);
        case 'update':
          return this.modify(request, () => request.body as ApiObject);
        case 'delete':
          return this.delete(request, request.body ?? {}).object;
      }
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  }

  /** @throws ApiError 404 */
  get(at: ObjectAddress): ApiObject {
    return fromStored(at.resource, this.#existing(at).object);
  }

  /** @throws ApiError */
  create(resource: Resource, namespace: string, body: ApiObject, { dryRun = false }: WriteOptions = {}): ApiObject {
    const { status, ...given } = toStored(resource, body) as Whole;
    const name = this.#nameFor(given.metadata);
    if (resource.namespaced) this.#checkNamespace(resource, namespace, name);
    const keepsStatus = !resource.statusSubresource || rulesOf(resource).createdWithStatus;
    const stored = resource.storedAs ?? resource;
    const object = withCreationDefaults(stored, {
      ...given,
      ...(status === undefined || !keepsStatus ? {} : { status }),
      apiVersion: stored.apiVersion,
      kind: stored.kind,
      metadata: this.#newMetadata(resource, given.metadata, namespace, name),
    });
    const errors = validate(resource, object);
    if (errors.length > 0) throw invalid(stored, name, errors);
    if (resource === Pods) checkPodQuota(this.store, namespace, name, this.podsElsewhere.get(namespace));
    if ((given.metadata.resourceVersion ?? '') !== '') {
      throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
    }
    const collection = this.store.of(stored);
    const existing = collection.find(resource.namespaced ? namespace : '', name);
    if (existing !== undefined) {
      throw alreadyExists(resource, name, existing.object.metadata.deletionTimestamp !== undefined);
    }
    if (resource === CustomResourceDefinitions) checkDefinition(object);
    return fromStored(resource, dryRun ? object : collection.add(object));
  }

  /**
   * Stores an object as it is, status, uid, times and deletion included, as another cluster held it; only its version is
   * new. Nothing is checked: what another server took is good.
   * @returns undefined when there is one of that name
   */
  take(resource: Resource, namespace: string, object: ApiObject): ApiObject | undefined {
    const { name, uid, creationTimestamp, resourceVersion: _version, ...given } = object.metadata;
    const place = resource.namespaced ? namespace : '';
    const collection = this.store.of(resource);
    if (collection.find(place, name) !== undefined) return undefined;
    const { status, ...rest } = object as Whole;
    const metadata: ObjectMeta = {
      ...this.#newMetadata(resource, object.metadata, namespace, name),
      ...without(given, 'managedFields', 'selfLink'),
      ...(resource.namespaced ? { namespace } : {}),
      ...(uid === undefined ? {} : { uid }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    };
    const made = withCreationDefaults(resource, { ...rest, metadata });
    return collection.add(isEmpty(status) ? made : ({ ...made, status } as ApiObject));
  }

  /**
   * Update and patch: `change` makes the wanted object from the stored one.
   * @throws ApiError, also what `change` throws
   */
  modify(at: ObjectAddress, change: (current: ApiObject) => ApiObject, options: WriteOptions = {}): ApiObject {
    const entry = this.#existing(at);
    const before = entry.object as Whole;
    let wanted = toStored(at.resource, change(fromStored(at.resource, before))) as Whole;
    if (at.resource === Services) wanted = keepAllocated(wanted as Service, before as Service);
    this.#checkResourceVersion(at, entry, wanted.metadata.resourceVersion);
    // Parts that are equal are the same from here on: who compares, compares identity.
    if (wanted.spec !== before.spec && deepEqual(wanted.spec, before.spec)) wanted = { ...wanted, spec: before.spec };
    if (at.subresource === 'status') wanted = statusOnly(at.resource, before, wanted);
    const part = at.subresource === 'status' ? 'status' : '';
    const object = this.#store(at.resource, entry, wanted, part, options.dryRun === true, true);
    return fromStored(at.resource, object);
  }

  /** @returns the object and whether it is gone (it may wait for finalizers or its grace period) */
  delete(
    at: ObjectAddress,
    options: DeleteOptions,
    { dryRun = false }: WriteOptions = {},
  ): { object: ApiObject; removed: boolean } {
    const entry = this.#existing(at);
    const { resource } = at;
    const collection = this.#collection(resource);
    const meta = entry.object.metadata;
    const { preconditions } = options;
    checkPreconditions(resource.storedAs ?? resource, meta, preconditions);
    const finalizers = finalizersForDeletion(
      meta.finalizers ?? [],
      rulesOf(resource).collected ? options.propagationPolicy : undefined,
    );
    const isPod = resource === Pods;
    const graceSeconds = isPod ? gracePeriodOf(entry.object as Pod, options.gracePeriodSeconds) : 0;
    const waitsForContent = holdsContent(resource, entry.object);
    const removed = finalizers.length === 0 && graceSeconds === 0 && !waitsForContent;
    if (removed && !isPod) {
      return { object: fromStored(resource, dryRun ? entry.object : collection.remove(entry)), removed };
    }
    const shorter = graceSeconds < (meta.deletionGracePeriodSeconds ?? 0);
    if (meta.deletionTimestamp !== undefined && !shorter && !removed) {
      return { object: fromStored(resource, entry.object), removed };
    }
    const isAgain = meta.deletionTimestamp !== undefined;
    const metadata: ObjectMeta = copyWith(meta, {
      ...(finalizers === meta.finalizers || finalizers.length === 0 ? {} : { finalizers }),
      deletionTimestamp: this.#now(graceSeconds),
      ...(waitsForContent ? {} : { deletionGracePeriodSeconds: graceSeconds }),
      ...(meta.generation === undefined || isAgain ? {} : { generation: meta.generation + 1 }),
    });
    const object: ApiObject = copyWith(
      entry.object,
      waitsForContent ? { metadata, status: { phase: 'Terminating' } } : { metadata },
    );
    if (dryRun) return { object: fromStored(resource, object), removed };
    const marked = collection.replace(entry, object);
    // A pod is marked even when there is nothing to wait for: watchers see both.
    if (removed) collection.remove(entry);
    return { object: fromStored(resource, marked), removed };
  }

  #collection(resource: Resource): Collection {
    return this.store.of(resource.storedAs ?? resource);
  }

  #find({ resource, namespace, name }: ObjectAddress | ApiRequest): Entry | undefined {
    return this.#collection(resource).find(resource.namespaced ? namespace : '', name);
  }

  #existing(at: ObjectAddress | ApiRequest): Entry {
    const entry = this.#find(at);
    if (entry === undefined) throw notFound(at.resource, at.name);
    return entry;
  }

  #list({ resource, namespace, labelSelector, fieldSelector = '' }: ApiRequest): ApiReply {
    const collection: Collection = this.store.of(resource);
    const equality = singleEquality(labelSelector);
    const candidates =
      equality === undefined ? collection.entries() : collection.withLabel(equality.key, equality.value);
    const matches = equality === undefined ? parseLabelSelector(labelSelector) : undefined;
    const hasFields = fieldSelector === '' ? undefined : parseFieldSelector(resource, fieldSelector);
    const items: ApiObject[] = [];
    for (const { object } of candidates) {
      if (resource.namespaced && namespace !== '' && object.metadata.namespace !== namespace) continue;
      if (matches?.(object.metadata.labels) === false || hasFields?.(object) === false) continue;
      items.push(object);
    }
    return { resourceVersion: this.store.resourceVersion, items };
  }

  #nameFor(meta: ObjectMeta): string {
    if (meta.name !== undefined && meta.name !== '') return meta.name;
    if (meta.generateName === undefined || meta.generateName === '') return '';
    return generatedName(meta.generateName, this.#random);
  }

  #newMetadata(resource: Resource, given: ObjectMeta, namespace: string, name: string): ObjectMeta {
    const { labels, annotations, finalizers, ownerReferences, generateName, generation } = given;
    const metadata: Record<string, unknown> = { name };
    if (generateName !== undefined) metadata['generateName'] = generateName;
    if (resource.namespaced) metadata['namespace'] = namespace;
    metadata['uid'] = this.#uid();
    metadata['creationTimestamp'] = this.#now();
    // Where nobody counts, a number that came with the object stays.
    if (rulesOf(resource).generation !== undefined) metadata['generation'] = 1;
    else if (generation !== undefined) metadata['generation'] = generation;
    if (labels !== undefined) metadata['labels'] = labels;
    if (annotations !== undefined) metadata['annotations'] = annotations;
    if (finalizers !== undefined) metadata['finalizers'] = finalizers;
    if (ownerReferences !== undefined) metadata['ownerReferences'] = ownerReferences;
    return metadata as unknown as ObjectMeta;
  }

  #bind(request: ApiRequest): ApiObject {
    const entry = this.#existing(request);
    return this.store.of(request.resource).replace(entry, bound(entry.object as Pod, request.body, this.#now()));
  }

  /** A merge patch from inside the process. */
  #patch(request: ApiRequest): ApiReply {
    const entry = this.#existing(request);
    const { resource, subresource, body } = request;
    this.#checkResourceVersion(request, entry, (body as Partial<ApiObject>).metadata?.resourceVersion);
    if (subresource === 'status') {
      const before = entry.object as Whole;
      const status = applyMergePatch(before.status ?? {}, (body as Whole).status ?? {});
      if (status === before.status) return entry.object;
      return this.store.of(resource).replace(entry, entry.object, { status });
    }
    const patched = applyMergePatch(entry.object, body) as ApiObject;
    return this.#store(resource, entry, patched, '', false, false);
  }

  /** What may not change does not, and the last finalizer ends the object. */
  #store(
    resource: Resource,
    entry: Entry,
    wanted: Whole,
    subresource: '' | 'status',
    dryRun: boolean,
    checked: boolean,
  ): ApiObject {
    const before = entry.object as Whole;
    if (wanted === before) return before;
    const old = before.metadata;
    const errors = checked
      ? validateUpdate(resource, wanted, before, subresource)
      : newFinalizers(before, wanted.metadata.finalizers ?? []);
    if (errors.length > 0) throw invalid(resource.storedAs ?? resource, old.name, errors);
    const isOtherWish =
      wanted.spec !== before.spec ||
      (rulesOf(resource).generation === 'spec and annotations' &&
        !deepEqual(wanted.metadata.annotations ?? {}, old.annotations ?? {}));
    const metadata = protectedMetadata(old, wanted.metadata, isOtherWish);
    const merged: Whole = metadata === wanted.metadata ? wanted : copyWith(wanted, { metadata });
    const object =
      resource.statusSubresource && subresource === '' ? keepStatus(merged, before.status) : (merged as ApiObject);
    if (checked && deepEqual(object, before)) return before;
    const ends =
      old.deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).length === 0 && !isGraceful(object);
    if (dryRun) return object;
    const collection = this.#collection(resource);
    return ends && !holdsContent(resource, object)
      ? collection.remove(entry, object)
      : collection.replace(entry, object);
  }

  #checkNamespace(resource: Resource, namespace: string, name: string): void {
    const entry = this.store.of(Namespaces).find('', namespace);
    if (entry === undefined) throw notFound(Namespaces, namespace);
    if (entry.object.metadata.deletionTimestamp === undefined) return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw forbidden(resource, name, why, [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ]);
  }

  #checkResourceVersion(
    { resource, name }: ObjectAddress | ApiRequest,
    entry: Entry,
    wanted: string | undefined,
  ): void {
    if (wanted === undefined || wanted === '' || wanted === entry.object.metadata.resourceVersion) return;
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(resource, name, why);
  }

  #uid(): string {
    const hex = this.#random.hex(32);
    // Joined, not put together: that would stay a tree of its parts, six times the size, for as long as it lives.
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join(
      '-',
    );
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

function checkPreconditions(resource: Resource, meta: ObjectMeta, wanted: DeleteOptions['preconditions']): void {
  const refuse = (what: string, given: string, found: string, may: string): ApiError => {
    const why = `the ${what} in the precondition (${given}) does not match the ${what} in record (${found}). The object might have been ${may}`;
    return new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${qualifiedKind(resource)} "${meta.name}": ${why}`,
      {
        name: meta.name,
        ...(resource.group === '' ? {} : { group: resource.group }),
        kind: resource.kind,
      },
    );
  };
  const { uid = '', resourceVersion = '' } = meta;
  if (wanted?.uid !== undefined && wanted.uid !== uid) {
    throw refuse('UID', wanted.uid, uid, 'deleted and then recreated');
  }
  if (wanted?.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion) {
    throw refuse('ResourceVersion', wanted.resourceVersion, resourceVersion, 'modified');
  }
}

/** A namespace goes when what is in it is gone, which its finalizer in the spec stands for. */
function holdsContent(resource: Resource, object: ApiObject): boolean {
  return resource === Namespaces && ((object as Namespace).spec?.finalizers ?? []).length > 0;
}

/** What a write to the status subresource may change: for custom resources nothing else. */
function statusOnly(resource: Resource, before: Whole, wanted: Whole): Whole {
  const { typeName, statusKeepsLabels } = rulesOf(resource);
  const { status } = wanted;
  return {
    ...before,
    metadata:
      typeName === undefined
        ? before.metadata
        : { ...wanted.metadata, ...kept(before.metadata, 'ownerReferences', ...(statusKeepsLabels ? ['labels'] : [])) },
    ...(status === undefined ? {} : { status: deepEqual(status, before.status) ? before.status : status }),
  };
}

/** Fields as they were; what was absent is not taken away. */
function kept(metadata: ObjectMeta, ...fields: readonly string[]): Partial<ObjectMeta> {
  return Object.fromEntries(Object.entries(metadata).filter(([field]) => fields.includes(field)));
}

function without(metadata: object, ...fields: readonly string[]): Partial<ObjectMeta> {
  return Object.fromEntries(Object.entries(metadata).filter(([field]) => !fields.includes(field)));
}

function isEmpty(status: unknown): boolean {
  return typeof status !== 'object' || status === null || Object.keys(status).length === 0;
}

function finalizersForDeletion(finalizers: readonly string[], policy: string | undefined): readonly string[] {
  const own = policy === 'Orphan' ? ORPHAN : policy === 'Foreground' ? FOREGROUND : undefined;
  if (own === undefined || finalizers.includes(own)) return finalizers;
  return [...finalizers.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND), own];
}

import type { Disposable } from '../base/disposable.ts';
import type { ApiError } from './api-error.ts';
import type { Resource } from './resource.ts';
import type { ApiObject } from './types.ts';

type Verb = 'get' | 'list' | 'create' | 'patch' | 'update' | 'delete';

/** One request to the API server. Patches are JSON merge patches. */
export interface ApiRequest {
  readonly verb: Verb;
  readonly resource: Resource;
  /** `binding`, which is created, puts a pod on a node. */
  readonly subresource: '' | 'status' | 'binding';
  readonly namespace: string;
  /** Empty for lists; for creates the name in the body. */
  readonly name: string;
  /** The object to create or store, the patch, or the DeleteOptions; undefined where there is none. */
  readonly body: unknown;
  readonly labelSelector: string;
  /** For lists; the server says which fields of a kind can be selected by. */
  readonly fieldSelector?: string;
}

export interface ObjectList<T extends ApiObject = ApiObject> {
  readonly resourceVersion: string;
  readonly items: readonly T[];
}

/** The object, a list for `list`, or why there is none. */
export type ApiReply = ApiObject | ObjectList | ApiError;

/**
 * What a watch tells: first the whole list, then every change. `key` is keyOf() of the object, made once for all.
 * After a gap in the stream the list comes again; holders of a copy compare.
 */
export interface WatchHandler<T extends ApiObject = ApiObject> {
  onList(items: ReadonlyMap<string, T>): void;
  onAdded(key: string, object: T): void;
  onModified(key: string, object: T): void;
  onDeleted(key: string, lastState: T): void;
  /** The stream broke or could not start; it is being tried again unless the error is final. */
  onError?(error: ApiError): void;
  /** Changes that leave an object so that this is false need not be told; they may be. Who holds a copy hears of all. */
  hearsOf?(object: T): boolean;
}

/**
 * How a client gets the whole of a kind before it watches: `paged` lists of any version that the server has, or `streamed`
 * as the beginning of the watch. Where the server cannot stream it, it is listed.
 */
export type ListStyle = 'paged' | 'streamed';

/** The cluster port: everything that the lab asks of a Kubernetes API server. */
export interface Cluster {
  /** Sends one request and calls back exactly once, never before returning. */
  send(request: ApiRequest, done: (reply: ApiReply) => void): void;
  /** Lists and then watches one kind in one namespace (all namespaces for '') until disposed. */
  watch<T extends ApiObject>(resource: Resource<T>, namespace: string, handler: WatchHandler<T>): Disposable;
}

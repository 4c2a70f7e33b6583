import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { ApiError, type Status } from '../api-error.ts';
import type { ListStyle, WatchHandler } from '../cluster.ts';
import { pathOf, Pods, type Resource } from '../resource.ts';
import { keyOf, type ApiObject, type Pod } from '../types.ts';
import { beginsWith, LazyPod, PodReader } from './lazy-pod.ts';
import type { ApiTransport, LineStream } from './transport.ts';

const PAGE_SIZE = 500;
const MIN_BACKOFF_US = 800_000;
const MAX_BACKOFF_US = 30_000_000;
/** Bookmarks come about once a minute; a stream that is silent for longer than this is taken for dead. */
const SILENCE_MS = 150_000;

/** On the bookmark that ends the whole list in a stream. */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** Hears how listing and watching goes. */
export interface ReflectorObserver {
  /** A list has come, or a watch is open. */
  works(): void;
  /** A list or watch has failed; it is tried again. */
  failed(error: ApiError): void;
}

/** What a reflector needs of a transport. */
export type Connection = Pick<ApiTransport, 'json' | 'stream'>;

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: ApiObject;
}

/**
 * Lists a kind and then watches it until disposed: a stream that ends is resumed from the last resource version seen, a
 * version that the server no longer has (410) is answered with a new list. The requests are those of upstream's client
 * library (pages of 500, any version first, bookmarks, a random timeout of 5 to 10 minutes; from its release 0.35 on
 * the list is the beginning of the watch).
 */
export class Reflector<T extends ApiObject> implements Disposable {
  readonly #transport: Connection;
  readonly #clock: Clock;
  readonly #resource: Resource<T>;
  readonly #path: string;
  readonly #handler: WatchHandler<T>;
  readonly #random: () => number;
  readonly #observer: ReflectorObserver | undefined;
  readonly #lists: ListStyle;
  readonly #pods = new PodReader();
  /** Of the last list, event or bookmark; undefined before the first list and after a 410. */
  #resourceVersion: string | undefined;
  /** Whether the next list has to be the newest there is, not just any or one as new as the last version. */
  #listNewest = false;
  #failures = 0;
  /** Number of the try in progress: what belongs to an earlier one no longer counts. */
  #attempt = 0;
  #open: LineStream | undefined;
  #disposed = false;

  constructor(
    transport: Connection,
    clock: Clock,
    resource: Resource<T>,
    namespace: string,
    handler: WatchHandler<T>,
    random: () => number = Math.random,
    observer?: ReflectorObserver,
    lists: ListStyle = 'paged',
  ) {
    this.#transport = transport;
    this.#clock = clock;
    this.#resource = resource;
    this.#path = pathOf(resource, namespace);
    this.#handler = handler;
    this.#random = random;
    this.#observer = observer;
    this.#lists = lists;
    this.#begin();
  }

  dispose(): void {
    this.#disposed = true;
    this.#open?.close();
  }

  /** Gives up the try in progress, which may be dead, and begins the next one at once. */
  reconnect(): void {
    if (this.#disposed) return;
    this.#attempt++;
    this.#failures = 0;
    this.#open?.close();
    if (this.#resourceVersion === undefined || this.#listNewest) this.#begin();
    else this.#watch();
  }

  #begin(): void {
    if (this.#lists === 'streamed') this.#stream();
    else void this.#list();
  }

  async #list(): Promise<void> {
    const attempt = this.#attempt;
    const isOver = (): boolean => this.#disposed || attempt !== this.#attempt;
    const items = new Map<string, T>();
    this.#pods.clear();
    const version = this.#listNewest ? '' : (this.#resourceVersion ?? '0');
    try {
      let continueToken = '';
      let listVersion = '';
      do {
        const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
        if (continueToken !== '') query.set('continue', continueToken);
        else if (version !== '') query.set('resourceVersion', version);
        const page = (await this.#transport.json('GET', `${this.#path}?${query.toString()}`)) as {
          metadata: { resourceVersion: string; continue?: string };
          items: T[] | null;
        };
        if (isOver()) return;
        for (const item of page.items ?? []) {
          const object = this.#typed(item);
          items.set(keyOfObject(object), object);
        }
        listVersion = page.metadata.resourceVersion;
        continueToken = page.metadata.continue ?? '';
      } while (continueToken !== '');
      this.#resourceVersion = listVersion;
      this.#observer?.works();
      this.#complete(items);
      this.#watch();
    } catch (error) {
      if (isOver()) return;
      const failure = asApiError(error);
      // Expired pages, or a server that has not yet caught up with the version asked for.
      if (failure.code === 410 || failure.reason === 'Timeout') this.#listNewest = true;
      this.#fail(failure);
      this.#retry(() => this.#begin());
    }
  }

  #complete(items: ReadonlyMap<string, T>): void {
    this.#listNewest = false;
    this.#failures = 0;
    this.#handler.onList(items);
  }

  /** The whole list as the beginning of the watch: it counts when the bookmark that ends it has come. */
  #stream(): void {
    const items = new Map<string, T>();
    this.#pods.clear();
    const version = this.#listNewest ? '' : (this.#resourceVersion ?? '');
    let isComplete = false;
    const onEvent = (event: WatchEvent): void => {
      if (isComplete) {
        this.#apply(event);
        return;
      }
      const { type, object } = event;
      if (type === 'BOOKMARK') {
        if (object.metadata.annotations?.[INITIAL_EVENTS_END] !== 'true') return;
        isComplete = true;
        this.#resourceVersion = object.metadata.resourceVersion;
        this.#complete(items);
        return;
      }
      const typed = this.#typed(object as T);
      if (type === 'DELETED') items.delete(keyOfObject(typed));
      else items.set(keyOfObject(typed), typed);
    };
    this.#follow(
      {
        ...{ allowWatchBookmarks: 'true', ...(version === '' ? {} : { resourceVersion: version }) },
        ...{ resourceVersionMatch: 'NotOlderThan', sendInitialEvents: 'true' },
      },
      onEvent,
      (received, expired, error) => {
        if (isComplete) this.#afterStream(received, expired, error);
        else this.#afterPart(version, received, expired, error);
      },
    );
  }

  /** The stream ended before the list was whole: again, or else by pages. */
  #afterPart(version: string, received: boolean, expired: boolean, error: ApiError | undefined): void {
    if (this.#disposed) return;
    if (expired && version !== '') {
      this.#listNewest = true;
      this.#stream();
    } else if (error?.code === 0 || error?.code === 429) {
      this.#fail(error);
      this.#retry(() => this.#begin());
    } else if (error === undefined && received) {
      this.#stream();
    } else {
      void this.#list();
    }
  }

  #watch(): void {
    if (this.#disposed) return;
    this.#follow(
      { allowWatchBookmarks: 'true', resourceVersion: this.#resourceVersion ?? '' },
      (event) => this.#apply(event),
      (received, expired, error) => this.#afterStream(received, expired, error),
    );
  }

  /**
   * Opens a watch.
   * @param onEnd whether anything came, whether the version asked for is gone, and what went wrong
   */
  #follow(
    options: Readonly<Record<string, string>>,
    onEvent: (event: WatchEvent) => void,
    onEnd: (received: boolean, expired: boolean, error: ApiError | undefined) => void,
  ): void {
    const timeoutSeconds = String(300 + Math.floor(this.#random() * 300));
    const query = new URLSearchParams({ ...options, timeoutSeconds, watch: 'true' });
    let received = false;
    let expired = false;
    let broken: ApiError | undefined;
    const onLine = (line: Buffer): void => {
      let event: WatchEvent;
      try {
        event = readEvent(line, this.#pods);
      } catch {
        broken = new ApiError(0, 'Unknown', `the watch of ${this.#resource.plural} sent something that is not JSON`);
        this.#open?.close();
        onEnd(received, false, broken);
        return;
      }
      if (event.type === 'ERROR') {
        const { code = 0, reason = 'Unknown', message = '' } = event.object as unknown as Partial<Status>;
        expired = code === 410;
        broken = new ApiError(code, reason, message);
        return;
      }
      received = true;
      onEvent(event);
    };
    const end = (error?: ApiError): void => {
      const failure = broken ?? error;
      onEnd(received, expired || failure?.code === 410, failure);
    };
    const path = `${this.#path}?${query.toString()}`;
    this.#open = this.#transport.stream(path, SILENCE_MS, onLine, end, () => this.#observer?.works());
  }

  #apply({ type, object }: WatchEvent): void {
    this.#resourceVersion = object.metadata.resourceVersion ?? this.#resourceVersion;
    if (type === 'BOOKMARK') return;
    const typed = this.#typed(object as T);
    const key = keyOfObject(typed);
    if (type === 'ADDED') this.#handler.onAdded(key, typed);
    else if (type === 'MODIFIED') this.#handler.onModified(key, typed);
    else if (type === 'DELETED') this.#handler.onDeleted(key, typed);
  }

  #afterStream(received: boolean, expired: boolean, error: ApiError | undefined): void {
    if (this.#disposed) return;
    if (received) this.#failures = 0;
    if (error !== undefined && !expired) this.#fail(error);
    if (expired) {
      this.#listNewest = true;
      this.#begin();
    } else if (error === undefined && received) {
      this.#watch();
    } else {
      this.#retry(() => this.#watch());
    }
  }

  /** Waits 0.8 s, doubling to 30 s, up to as much again at random so that watches do not all return at once. */
  #retry(again: () => void): void {
    if (this.#disposed) return;
    const waitUs = Math.min(MAX_BACKOFF_US, MIN_BACKOFF_US * 2 ** this.#failures++) * (1 + this.#random());
    const attempt = this.#attempt;
    const retry = (): void => {
      if (!this.#disposed && attempt === this.#attempt) again();
    };
    this.#clock.schedule(Math.round(waitUs), retry, undefined);
  }

  #fail(error: ApiError): void {
    this.#observer?.failed(error);
    this.#handler.onError?.(error);
  }

  /** Items of a list come without apiVersion and kind. */
  #typed(object: T): T {
    if (object.kind !== undefined) return object;
    if ((this.#resource as Resource) === Pods) return this.#pods.readItem(object as unknown as Pod) as unknown as T;
    return { ...object, apiVersion: this.#resource.apiVersion, kind: this.#resource.kind };
  }
}

const EVENT_HEADS = (['MODIFIED', 'ADDED', 'DELETED'] as const).map(
  (type) => [type, Buffer.from(`{"type":"${type}","object":`)] as const,
);

/** @throws SyntaxError for a line that is not JSON */
function readEvent(line: Buffer, pods: PodReader): WatchEvent {
  for (const [type, head] of EVENT_HEADS) {
    if (!beginsWith(line, head, 0)) continue;
    const pod = pods.read(line, head.length, 1);
    if (pod === undefined) break;
    if (type === 'DELETED') pods.forget(pod);
    return { type, object: pod };
  }
  return JSON.parse(line.toString('utf8')) as WatchEvent;
}

/** A pod's key is the same string in all its states, so that caches need not make and hash it for every event. */
function keyOfObject(object: ApiObject): string {
  return object instanceof LazyPod ? object.key : keyOf(object.metadata);
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, 'Unknown', String(error));
}

import type { ServerResponse } from 'node:http';
import { ApiError } from '../../api-error.ts';
import type { Resource } from '../../resource.ts';
import type { ApiObject } from '../../types.ts';
import type { ApiServer } from '../api-server.ts';
import type { History, StoreEvent } from '../history.ts';
import { rulesOf } from '../kinds.ts';
import { decode } from '../schema/decode.ts';
import type { Delivery, Rendering } from './delivery.ts';
import { numberOf, type Selection } from './list.ts';
import { refusedOption, refusedOptions } from './refused-options.ts';
import { statusOf } from './status.ts';

const BOOKMARK_INTERVAL_MS = 60_000;
/** How long before a watch's end its last bookmark is sent. */
const BOOKMARK_BEFORE_END_MS = 2_000;
/** Watches without a timeout of their own end between half an hour and an hour. */
const DEFAULT_TIMEOUT_S = 1_800;
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

interface WatchOptions {
  readonly api: ApiServer;
  readonly history: History;
  readonly resource: Resource;
  readonly selection: Selection;
  readonly query: URLSearchParams;
  readonly render: Rendering;
  readonly delivery: Delivery;
  readonly random: () => number;
}

/**
 * Checks a watch's options before the answer begins.
 * @throws ApiError 422
 */
export function checkWatch(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const sendInitialEvents = query.get('sendInitialEvents');
  if (sendInitialEvents !== null) {
    if (match !== 'NotOlderThan') {
      const why = 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
      throw refusedOption('ListOptions', 'resourceVersionMatch', why);
    }
  } else if (match !== '') {
    const field = 'resourceVersionMatch';
    const why = 'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
    const causes = [{ reason: 'FieldValueForbidden', message: why, field }];
    if (match !== 'NotOlderThan') {
      const message = `Unsupported value: ${JSON.stringify(match)}: supported values: "NotOlderThan"`;
      causes.push({ reason: 'FieldValueNotSupported', message, field });
    }
    throw refusedOptions('ListOptions', causes);
  }
}

/** One client's watch: streams events until its time is up, the client leaves or the server stops. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #response: ServerResponse;
  readonly #bookmarks: boolean;
  readonly #timers: NodeJS.Timeout[] = [];
  #unfollow: (() => void) | undefined;
  #isFirst = true;
  #version: number;

  /** The response's head has been written. */
  constructor(response: ServerResponse, options: WatchOptions) {
    this.#options = options;
    this.#response = response;
    const { api, history, query, random } = options;
    const stored = options.resource.storedAs ?? options.resource;
    this.#bookmarks = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1';
    const asked = query.get('resourceVersion') ?? '';
    const withState = query.get('sendInitialEvents') === 'true' || asked === '' || asked === '0';
    this.#version = withState ? Number(api.store.resourceVersion) : Number(asked);
    response.on('close', () => this.#stop());
    if (withState && query.get('sendInitialEvents') !== 'false') {
      for (const { object } of api.store.of(stored).sorted()) {
        if (options.selection.matches(object)) this.#send('ADDED', object);
      }
      if (query.get('sendInitialEvents') === 'true' && this.#bookmarks) this.#bookmark(true);
    }
    try {
      this.#unfollow = history.follow(stored, this.#version, (event) => this.#tell(event));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#write(`{"type":"ERROR","object":${JSON.stringify(statusOf(error))}}\n`);
      this.end();
      return;
    }
    const seconds = numberOf(query, 'timeoutSeconds') || DEFAULT_TIMEOUT_S * (1 + random());
    this.#timers.push(setTimeout(() => this.end(), seconds * 1000));
    if (!this.#bookmarks) return;
    this.#timers.push(setInterval(() => this.#bookmark(false), BOOKMARK_INTERVAL_MS));
    const lastMs = seconds * 1000 - BOOKMARK_BEFORE_END_MS;
    if (lastMs > 4 * BOOKMARK_BEFORE_END_MS) this.#timers.push(setTimeout(() => this.#bookmark(false), lastMs));
  }

  end(): void {
    this.#stop();
    this.#options.delivery.finish(this.#response);
  }

  #stop(): void {
    this.#unfollow?.();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #tell({ type, object, previous, version }: StoreEvent): void {
    const { selection } = this.#options;
    // A watch may begin at a version that is yet to come.
    if (version <= this.#version) return;
    this.#version = version;
    const matches = selection.matches(object);
    const matched = previous !== undefined && selection.matches(previous);
    if (type === 'deleted') {
      if (matched) this.#send('DELETED', object);
    } else if (matches) this.#send(matched ? 'MODIFIED' : 'ADDED', object);
    // Of an object that no longer matches the last state that did goes out, with the version of the change.
    else if (matched) this.#send('DELETED', withVersion(previous, version));
  }

  #send(type: string, object: ApiObject): void {
    const { delivery, render } = this.#options;
    delivery.event(this.#response, type, object, render, this.#isFirst);
    this.#isFirst = false;
  }

  #bookmark(isInitialEnd: boolean): void {
    const { resource } = this.#options;
    const version = isInitialEnd ? String(this.#version) : this.#options.api.store.resourceVersion;
    const metadata = {
      resourceVersion: version,
      ...(isInitialEnd ? { annotations: { [INITIAL_EVENTS_END]: 'true' } } : {}),
    };
    const { typeName } = rulesOf(resource);
    const fields = typeName === undefined ? { metadata } : decode(typeName, { metadata });
    const object = { kind: resource.kind, apiVersion: resource.apiVersion, ...fields };
    this.#write(`{"type":"BOOKMARK","object":${JSON.stringify(object)}}\n`);
  }

  #write(line: string): void {
    this.#options.delivery.line(this.#response, line);
  }
}

function withVersion(object: ApiObject, version: number): ApiObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
}

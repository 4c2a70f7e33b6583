import type { JsonObject } from '../../../base/json.ts';
import { badRequest, ApiError, notFound } from '../../api-error.ts';
import type { Random } from '../../../base/random.ts';
import type { Resource } from '../../resource.ts';
import type { ApiObject, Pod } from '../../types.ts';
import type { ApiServer, ObjectAddress, WriteOptions } from '../api-server.ts';
import { withAdmission, withDefaults } from '../defaults.ts';
import { History } from '../history.ts';
import { rulesOf } from '../kinds.ts';
import type { ContainerLogs } from '../pods/container-logs.ts';
import { fromStored } from '../views.ts';
import { HEADERS, sendJson, sendPieces, sendText } from './answers.ts';
import { decodeObject, fieldValidationOf, parseBody, type FieldValidation } from './body.ts';
import { Delivery, type Rendering } from './delivery.ts';
import { formFor, includeOf, type Exchange } from './exchange.ts';
import { list, Selection } from './list.ts';
import { asPatch, readPatch } from './patch.ts';
import { sendLog } from './pod-log.ts';
import type { ObjectRoute } from './route.ts';
import { decodeScale, scaled, scaleOf, type Scale } from './scale.ts';
import { ListCache, listPieces, objectText } from './serialize.ts';
import { deletedStatus } from './status.ts';
import { partialMetadata, tableOf } from './table.ts';
import { checkWatch, Watch } from './watch.ts';
import {
  checkedVersion,
  checkUid,
  deleteOptions,
  finalizerWarnings,
  inNamespace,
  writeOptions,
} from './write-options.ts';

interface ApiVerbsOptions {
  readonly api: ApiServer;
  /** Wall-clock time in milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly logs: ContainerLogs;
  readonly random: Random;
}

/** What each verb does once it is known that it may: reads the body, asks the API server, and answers in the form wanted. */
export class ApiVerbs {
  readonly #options: ApiVerbsOptions;
  readonly #history: History;
  readonly #lists = new ListCache();
  readonly #watches = new Set<Watch>();
  readonly #delivery = new Delivery();

  constructor(options: ApiVerbsOptions) {
    this.#options = options;
    this.#history = new History(options.api.store);
    // Events leave just before the answer to their write: so close together they reach a client in either order about
    // equally often, as those of a real server do.
    options.api.store.listen(() => this.#delivery.flush());
  }

  /** Ends every watch. */
  close(): void {
    for (const watch of this.#watches) watch.end();
  }

  /** @throws ApiError */
  serve(exchange: Exchange, route: ObjectRoute, verb: string, body: Buffer): void {
    if (route.subresource === 'log') {
      const { api, logs, nowMs } = this.#options;
      sendLog(exchange, api.get({ ...addressOf(route), subresource: '' }) as Pod, logs, nowMs());
      return;
    }
    if (route.subresource === 'scale') {
      this.#scale(exchange, route, verb, body);
      return;
    }
    switch (verb) {
      case 'get':
        this.#sendObject(exchange, route.resource, 200, this.#options.api.get(addressOf(route)));
        return;
      case 'list':
        this.#list(exchange, route);
        return;
      case 'watch':
        this.#watch(exchange, route);
        return;
      case 'create':
        this.#create(exchange, route, body);
        return;
      case 'update':
        this.#update(exchange, route, body);
        return;
      case 'patch':
        this.#patch(exchange, route, body);
        return;
      case 'delete':
        this.#delete(exchange, route, body);
        return;
      default:
        this.#deleteCollection(exchange, route, body);
    }
  }

  #list(exchange: Exchange, { resource, namespace }: ObjectRoute): void {
    const form = formFor(exchange, ['Table', 'PartialObjectMetadataList']);
    const selection = new Selection(resource, namespace, exchange.query);
    const { api } = this.#options;
    const { metadata, items: stored } = list(api, this.#history, resource, selection, exchange.query);
    const items = stored.map((object) => fromStored(resource, object));
    if (form.as === 'Table') {
      const table = tableOf(resource, items, metadata, includeOf(exchange), this.#options.nowMs());
      sendJson(exchange.response, 200, table, exchange.warnings);
    } else if (form.as === 'PartialObjectMetadataList') {
      const partial = items.map((object) => partialMetadata(object, 'PartialObjectMetadata'));
      const apiVersion = `meta.k8s.io/${form.version}`;
      sendJson(exchange.response, 200, { kind: form.as, apiVersion, metadata, items: partial }, exchange.warnings);
    } else if (selection.isEverything && metadata.continue === undefined && isCurrent(exchange)) {
      const collection = api.store.of(resource.storedAs ?? resource);
      const pieces = this.#lists.pieces(collection, resource, selection.namespace, metadata, items);
      sendPieces(exchange.response, pieces, exchange.warnings);
    } else sendPieces(exchange.response, listPieces(resource, metadata, items), exchange.warnings);
  }

  #watch(exchange: Exchange, { resource, namespace, name }: ObjectRoute): void {
    const { response, query } = exchange;
    const { api, nowMs } = this.#options;
    if (name !== '') query.append('fieldSelector', `metadata.name=${name}`);
    const form = formFor(exchange, ['Table', 'PartialObjectMetadata']);
    checkWatch(query);
    const selection = new Selection(resource, namespace, query);
    const version = query.get('resourceVersion') ?? '';
    if (version !== '' && !/^\d+$/.test(version)) {
      throw badRequest(
        `Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
      );
    }
    const include = includeOf(exchange);
    const render: Rendering =
      form.as === 'Table'
        ? (object, isFirst) => {
            const metadata = { resourceVersion: object.metadata.resourceVersion };
            return JSON.stringify(tableOf(resource, [object], metadata, include, nowMs(), isFirst));
          }
        : form.as === 'PartialObjectMetadata'
          ? (object) => JSON.stringify(partialMetadata(object, form.as))
          : (object) => objectText(object);
    response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' });
    response.flushHeaders();
    const options = {
      api,
      history: this.#history,
      resource,
      selection,
      query,
      render:
        resource.storedAs === undefined
          ? render
          : (object: ApiObject, isFirst: boolean) => render(fromStored(resource, object), isFirst),
      delivery: this.#delivery,
      random: () => this.#options.random.next(),
    };
    const watch = new Watch(response, options);
    this.#watches.add(watch);
    response.on('close', () => this.#watches.delete(watch));
  }

  #create(exchange: Exchange, { resource, namespace }: ObjectRoute, body: Buffer): void {
    const validation = fieldValidationOf(exchange.query, 'CreateOptions');
    const options = writeOptions(exchange.query, 'CreateOptions');
    const value = parseBody(body, exchange.request.headers['content-type'], resource.kind);
    const object = this.#decoded(exchange, resource, value, validation);
    inNamespace(resource, namespace, object);
    const warnings = finalizerWarnings(resource, object, undefined);
    try {
      const created = this.#options.api.create(resource, namespace, object, options);
      exchange.warnings.push(...warnings);
      this.#sendObject(exchange, resource, 201, created);
    } catch (error) {
      // What is refused at the very end has been warned about.
      if (error instanceof ApiError && error.reason === 'AlreadyExists') exchange.warnings.push(...warnings);
      throw error;
    }
  }

  #update(exchange: Exchange, route: ObjectRoute, body: Buffer): void {
    const { resource, namespace, name } = route;
    const { api } = this.#options;
    const validation = fieldValidationOf(exchange.query, 'UpdateOptions');
    const options = writeOptions(exchange.query, 'UpdateOptions');
    const value = parseBody(body, exchange.request.headers['content-type'], resource.kind);
    const object = this.#decoded(exchange, resource, value, validation);
    if (object.metadata.name !== name) {
      const given = object.metadata.name ?? '';
      throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
    }
    const placed = inNamespace(resource, namespace, object);
    const rules = rulesOf(resource);
    const exists =
      api.store.of(resource.storedAs ?? resource).find(resource.namespaced ? namespace : '', name) !== undefined;
    if (!exists && rules.createOnUpdate && route.subresource === '') {
      if ((object.metadata.resourceVersion ?? '') !== '') throw notFound(resource, name);
      this.#sendObject(exchange, resource, 201, api.create(resource, namespace, placed, options));
      return;
    }
    const change = (current: ApiObject): ApiObject => {
      checkUid(resource, placed, current);
      return checkedVersion(resource, placed);
    };
    this.#modify(exchange, route, change, options);
  }

  /** The number of replicas alone, as an object of its own kind. */
  #scale(exchange: Exchange, route: ObjectRoute, verb: string, body: Buffer): void {
    const { api } = this.#options;
    const at = addressOf(route);
    if (verb === 'get') {
      sendJson(exchange.response, 200, scaleOf(api.get(at)), exchange.warnings);
      return;
    }
    const kind = verb === 'update' ? 'UpdateOptions' : 'PatchOptions';
    const validation = fieldValidationOf(exchange.query, kind);
    const options = writeOptions(exchange.query, kind);
    const contentType = exchange.request.headers['content-type'];
    const warn = (text: string): void => void exchange.warnings.push(text);
    let wanted: (current: Scale) => Scale;
    if (verb === 'update') wanted = () => decodeScale(parseBody(body, contentType, 'Scale'), validation, warn);
    else {
      const patch = readPatch({ kind: 'Scale', typeName: 'Scale' }, contentType, body);
      wanted = (current) => {
        const patched = patch(current);
        return asPatch(() => decodeScale(patched, validation, warn));
      };
    }
    const object = api.modify(at, (current) => scaled(current, wanted(scaleOf(current))), options);
    sendJson(exchange.response, 200, scaleOf(object), exchange.warnings);
  }

  #patch(exchange: Exchange, route: ObjectRoute, body: Buffer): void {
    const { resource } = route;
    const validation = fieldValidationOf(exchange.query, 'PatchOptions');
    const options = writeOptions(exchange.query, 'PatchOptions');
    const patch = readPatch(
      { kind: resource.kind, typeName: rulesOf(resource).typeName },
      exchange.request.headers['content-type'],
      body,
    );
    const change = (current: ApiObject): ApiObject => {
      const wanted = patch(current);
      return asPatch(() => this.#decoded(exchange, resource, wanted, validation));
    };
    this.#modify(exchange, route, change, options);
  }

  #modify(
    exchange: Exchange,
    route: ObjectRoute,
    change: (current: ApiObject) => ApiObject,
    options: WriteOptions,
  ): void {
    let warnings: string[] = [];
    const object = this.#options.api.modify(
      addressOf(route),
      (current) => {
        const wanted = change(current);
        if (route.subresource === '') warnings = finalizerWarnings(route.resource, wanted, current);
        return wanted;
      },
      options,
    );
    exchange.warnings.push(...warnings);
    this.#sendObject(exchange, route.resource, 200, object);
  }

  #delete(exchange: Exchange, route: ObjectRoute, body: Buffer): void {
    const { resource } = route;
    const { options, write } = deleteOptions(exchange, body);
    const { object, removed } = this.#options.api.delete(addressOf(route), options, write);
    if (removed && !rulesOf(resource).returnsDeleted) {
      sendJson(exchange.response, 200, deletedStatus(resource, object), exchange.warnings);
    } else this.#sendObject(exchange, resource, 200, object);
  }

  #deleteCollection(exchange: Exchange, { resource, namespace }: ObjectRoute, body: Buffer): void {
    const { api } = this.#options;
    const { options, write } = deleteOptions(exchange, body);
    const selection = new Selection(resource, namespace, exchange.query);
    const { metadata, items } = list(api, this.#history, resource, selection, exchange.query);
    for (const { metadata: meta } of items) {
      const at: ObjectAddress = { resource, namespace: meta.namespace ?? '', name: meta.name, subresource: '' };
      api.delete(at, options, write);
    }
    const shown = items.map((object) => fromStored(resource, object));
    sendPieces(exchange.response, listPieces(resource, metadata, shown), exchange.warnings);
  }

  #decoded(exchange: Exchange, resource: Resource, value: JsonObject, validation: FieldValidation): ApiObject {
    const object = decodeObject(resource, value, validation, (text) => exchange.warnings.push(text));
    return withAdmission(resource, withDefaults(resource, object));
  }

  #sendObject(exchange: Exchange, resource: Resource, status: number, object: ApiObject): void {
    const form = formFor(exchange, ['Table', 'PartialObjectMetadata']);
    if (form.as === 'Table') {
      const metadata = { resourceVersion: object.metadata.resourceVersion };
      const table = tableOf(resource, [object], metadata, includeOf(exchange), this.#options.nowMs());
      sendJson(exchange.response, status, table, exchange.warnings);
    } else if (form.as === 'PartialObjectMetadata') {
      sendJson(exchange.response, status, partialMetadata(object, form.as), exchange.warnings);
    } else sendText(exchange.response, status, `${objectText(object)}\n`, exchange.warnings);
  }
}

/** Of the subresources the status alone is part of the stored object. */
function addressOf({ resource, namespace, name, subresource }: ObjectRoute): ObjectAddress {
  return { resource, namespace, name, subresource: subresource === 'status' ? 'status' : '' };
}

/** Whether a list shows its collection as it is now, not a page or a moment of the past. */
function isCurrent({ query }: Exchange): boolean {
  return !query.has('continue') && !query.has('limit') && query.get('resourceVersionMatch') !== 'Exact';
}

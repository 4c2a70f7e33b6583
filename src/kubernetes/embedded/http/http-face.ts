import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../base/clock.ts';
import { Random } from '../../../base/random.ts';
import { ApiError, badRequest, notFound } from '../../api-error.ts';
import type { Resource } from '../../resource.ts';
import type { ApiObject } from '../../types.ts';
import type { ApiServer, DeleteOptions, ObjectAddress, WriteOptions } from '../api-server.ts';
import type { Conditions } from '../conditions.ts';
import { withAdmission, withDefaults } from '../defaults.ts';
import { History } from '../history.ts';
import { rulesOf } from '../kinds.ts';
import { decode, DecodeError } from '../schema/decode.ts';
import { checkAccess, forbiddenPath, Users, type User } from './access.ts';
import { decodeObject, fieldValidationOf, parseBody, type FieldValidation, type JsonObject } from './body.ts';
import { CONTROL_PATH } from './control-path.ts';
import { aggregatedDiscovery, discoveryDocument, GROUPS, REVIEWS, verbsOf, type Review } from './discovery.ts';
import { list, Selection } from './list.ts';
import { formOf, type Form } from './negotiate.ts';
import { openApiDocument } from './openapi.ts';
import { readPatch } from './patch.ts';
import { answerReview } from './reviews.ts';
import { routeOf, type ObjectRoute } from './route.ts';
import { ListCache, listPieces, objectText } from './serialize.ts';
import { deletedStatus, statusOf } from './status.ts';
import { partialMetadata, tableOf } from './table.ts';
import { checkWatch, Watch, type Rendering } from './watch.ts';

export interface HttpFaceOptions {
  readonly clock: Clock;
  readonly api: ApiServer;
  readonly users: readonly User[];
  readonly conditions: Conditions;
  readonly seed: number;
  /** Wall-clock time in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Requests under a path of the lab's own; answered after the user has been found. */
  readonly control?: (method: string, body: Buffer, user: User) => { readonly status: number; readonly body: object };
}

/** Bodies larger than this are refused, as etcd would. */
/** Fraction by which latencies vary. */
const JITTER = 0.25;
const MAX_BODY_BYTES = 3 * 1024 * 1024;
const HEALTH_PATHS = ['/healthz', '/livez', '/readyz'];

/** One request on its way through. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly user: User;
  readonly warnings: string[];
}

/** The Kubernetes API over HTTP: what a request asks, whether it may, and the answer in the form that it wants. */
export class HttpFace {
  readonly #options: HttpFaceOptions;
  readonly #users: Users;
  readonly #history: History;
  readonly #random: Random;
  readonly #lists = new ListCache();
  readonly #watches = new Set<Watch>();

  constructor(options: HttpFaceOptions) {
    this.#options = options;
    this.#users = new Users(options.users);
    this.#history = new History(options.api.store);
    this.#random = new Random(options.seed, 'http-face');
  }

  /** Ends every watch, so that the server can close. */
  close(): void {
    for (const watch of this.#watches) watch.end();
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
    const user = this.#users.find(request.headers.authorization);
    if (user === undefined) {
      request.resume();
      sendError(response, new ApiError(401, 'Unauthorized', 'Unauthorized'));
      return;
    }
    const exchange: Exchange = { request, response, path, query, user, warnings: [] };
    readBody(request, (body) => {
      try {
        if (body === undefined) {
          throw new ApiError(413, 'RequestEntityTooLarge', `limit is ${MAX_BODY_BYTES}`);
        }
        this.#dispatch(exchange, body);
      } catch (error) {
        sendError(response, asApiError(error), exchange.warnings);
      }
    });
  }

  #dispatch(exchange: Exchange, body: Buffer): void {
    const { request, path } = exchange;
    const route = routeOf(path);
    if (route === undefined) {
      this.#document(exchange, body);
      return;
    }
    const verb = verbOf(request.method ?? '', route, exchange.query);
    if (verb === undefined || !(verbsOf(route.resource).includes(verb) || verb === 'watch')) {
      throw new ApiError(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
        {},
      );
    }
    const { resource, subresource, namespace, name } = route;
    // The namespace itself is asked for in its own namespace.
    const scope = resource.namespaced ? namespace : resource.plural === 'namespaces' ? name : '';
    checkAccess(exchange.user, verb, resource, { subresource, namespace: scope, name });
    this.#afterConditions(exchange, verb, resource, () => this.#serve(exchange, route, verb, body));
  }

  /** Lets the request wait and fail as the conditions say. */
  #afterConditions(exchange: Exchange, verb: string, resource: Resource, serve: () => void): void {
    const { clock, conditions } = this.#options;
    const refusal = conditions.refusal(verb, resource);
    const proceed = (): void => {
      if (exchange.response.destroyed) return;
      if (refusal?.code === 0) {
        exchange.request.socket.destroy();
        return;
      }
      try {
        if (refusal !== undefined) throw refusal;
        serve();
      } catch (error) {
        sendError(exchange.response, asApiError(error), exchange.warnings);
      }
    };
    const { latencyUs } = conditions;
    if (latencyUs === 0) proceed();
    else clock.schedule(this.#random.jitter(latencyUs, JITTER), proceed, undefined);
  }

  #serve(exchange: Exchange, route: ObjectRoute, verb: string, body: Buffer): void {
    switch (verb) {
      case 'get':
        this.#sendObject(exchange, 200, this.#options.api.get(addressOf(route)));
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
    const { metadata, items } = list(api, this.#history, resource, selection, exchange.query);
    if (form.as === 'Table') {
      const table = tableOf(resource, items, metadata, includeOf(exchange), this.#options.nowMs());
      sendJson(exchange.response, 200, table, exchange.warnings);
    } else if (form.as === 'PartialObjectMetadataList') {
      const partial = items.map((object) => partialMetadata(object, 'PartialObjectMetadata'));
      const apiVersion = `meta.k8s.io/${form.version}`;
      sendJson(exchange.response, 200, { kind: form.as, apiVersion, metadata, items: partial }, exchange.warnings);
    } else if (selection.isEverything && metadata.continue === undefined && isCurrent(exchange)) {
      const collection = api.store.of(resource);
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
          : objectText;
    response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' });
    response.flushHeaders();
    const options = {
      api,
      history: this.#history,
      resource,
      selection,
      query,
      render,
      random: () => this.#random.next(),
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
      this.#sendObject(exchange, 201, created);
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
    const exists = api.store.of(resource).find(resource.namespaced ? namespace : '', name) !== undefined;
    if (!exists && rules.createOnUpdate && route.subresource === '') {
      if ((object.metadata.resourceVersion ?? '') !== '') throw notFound(resource, name);
      this.#sendObject(exchange, 201, api.create(resource, namespace, placed, options));
      return;
    }
    this.#modify(exchange, route, () => checkedVersion(resource, placed), options);
  }

  #patch(exchange: Exchange, route: ObjectRoute, body: Buffer): void {
    const { resource } = route;
    const validation = fieldValidationOf(exchange.query, 'PatchOptions');
    const options = writeOptions(exchange.query, 'PatchOptions');
    const patch = readPatch(resource, exchange.request.headers['content-type'], body);
    const change = (current: ApiObject): ApiObject => this.#decoded(exchange, resource, patch(current), validation);
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
    this.#sendObject(exchange, 200, object);
  }

  #delete(exchange: Exchange, route: ObjectRoute, body: Buffer): void {
    const { resource } = route;
    const { options, write } = deleteOptions(exchange, body);
    const { object, removed } = this.#options.api.delete(addressOf(route), options, write);
    if (removed && !rulesOf(resource).returnsDeleted) {
      sendJson(exchange.response, 200, deletedStatus(resource, object), exchange.warnings);
    } else this.#sendObject(exchange, 200, object);
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
    sendPieces(exchange.response, listPieces(resource, metadata, items), exchange.warnings);
  }

  #decoded(exchange: Exchange, resource: Resource, value: JsonObject, validation: FieldValidation): ApiObject {
    const object = decodeObject(resource, value, validation, (text) => exchange.warnings.push(text));
    return withAdmission(resource, withDefaults(resource, object));
  }

  #sendObject(exchange: Exchange, status: number, object: ApiObject): void {
    const form = formFor(exchange, ['Table', 'PartialObjectMetadata']);
    if (form.as === 'Table') {
      const metadata = { resourceVersion: object.metadata.resourceVersion };
      const resource = this.#resourceOf(exchange);
      const table = tableOf(resource, [object], metadata, includeOf(exchange), this.#options.nowMs());
      sendJson(exchange.response, status, table, exchange.warnings);
    } else if (form.as === 'PartialObjectMetadata') {
      sendJson(exchange.response, status, partialMetadata(object, form.as), exchange.warnings);
    } else sendText(exchange.response, status, `${objectText(object)}\n`, exchange.warnings);
  }

  #resourceOf({ path }: Exchange): Resource {
    return (routeOf(path) as ObjectRoute).resource;
  }

  /** Paths that are about no object. */
  #document(exchange: Exchange, body: Buffer): void {
    const { request, response, path, user } = exchange;
    const method = request.method ?? '';
    const review = reviewAt(path);
    if (review !== undefined && method === 'POST') {
      this.#review(exchange, review, body);
      return;
    }
    if (path === CONTROL_PATH && this.#options.control !== undefined) {
      const answer = this.#options.control(method, body, user);
      sendJson(response, answer.status, answer.body, []);
      return;
    }
    const isPublic =
      HEALTH_PATHS.some((start) => path === start || path.startsWith(`${start}/`)) || path === '/version';
    const isKnownUser = user.token !== '';
    if (!isKnownUser && !isPublic) throw forbiddenPath(user, method.toLowerCase(), path);
    if (HEALTH_PATHS.includes(path)) {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
      response.end('ok');
      return;
    }
    if (path === '/api' || path === '/apis') {
      const { as, version } = formFor(exchange, ['APIGroupDiscoveryList']);
      if (as === 'APIGroupDiscoveryList') {
        const root = path === '/api' ? 'api' : 'apis';
        const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
        sendJson(response, 200, aggregatedDiscovery(root, version), [], type);
        return;
      }
    }
    const document = discoveryDocument(path, request.headers.host ?? '') ?? openApiDocument(path);
    if (document !== undefined) {
      sendJson(response, 200, document, []);
      return;
    }
    // Of an API that is served the answer is a Status, elsewhere it is text.
    if (isServedApi(path)) {
      throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
    }
    response.writeHead(404, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
    response.end('404 page not found\n');
  }

  #review(exchange: Exchange, review: Review, body: Buffer): void {
    const value = parseBody(body, exchange.request.headers['content-type'], review.kind);
    try {
      const answer = answerReview(review, value, exchange.user, this.#options.users);
      sendJson(exchange.response, 201, answer, exchange.warnings);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw badRequest(`${review.kind} in version "v1" cannot be handled as a ${review.kind}: ${error.message}`);
    }
  }
}

const HEADERS = { 'cache-control': 'no-cache, private' } as const;

function verbOf(method: string, { name }: ObjectRoute, query: URLSearchParams): string | undefined {
  const watches = query.get('watch') === 'true' || query.get('watch') === '1';
  switch (method) {
    case 'GET':
    case 'HEAD':
      return watches ? 'watch' : name === '' ? 'list' : 'get';
    case 'POST':
      return name === '' ? 'create' : undefined;
    case 'PUT':
      return name === '' ? undefined : 'update';
    case 'PATCH':
      return name === '' ? undefined : 'patch';
    case 'DELETE':
      return name === '' ? 'deletecollection' : 'delete';
    default:
      return undefined;
  }
}

function reviewAt(path: string): Review | undefined {
  return REVIEWS.find(({ group, plural, namespaced }) =>
    namespaced
      ? path.startsWith(`/apis/${group}/v1/namespaces/`) && path.endsWith(`/${plural}`)
      : path === `/apis/${group}/v1/${plural}`,
  );
}

function isServedApi(path: string): boolean {
  return path.startsWith('/api/') || GROUPS.some(({ name, version }) => path.startsWith(`/apis/${name}/${version}/`));
}

function addressOf({ resource, namespace, name, subresource }: ObjectRoute): ObjectAddress {
  return { resource, namespace, name, subresource: subresource === 'status' ? 'status' : '' };
}

function formFor({ request }: Exchange, forms: readonly Form['as'][]): Form {
  return formOf(request.headers.accept, forms);
}

/** Whether a list shows its collection as it is now, not a page or a moment of the past. */
function isCurrent({ query }: Exchange): boolean {
  return !query.has('continue') && !query.has('limit') && query.get('resourceVersionMatch') !== 'Exact';
}

function includeOf({ query }: Exchange): 'None' | 'Metadata' | 'Object' {
  const include = query.get('includeObject');
  return include === 'None' || include === 'Object' ? include : 'Metadata';
}

function writeOptions(query: URLSearchParams, kind: string): WriteOptions {
  return { dryRun: dryRunOf(query.getAll('dryRun'), kind) };
}

/** @throws ApiError 422 for anything but `All` */
function dryRunOf(values: readonly string[], kind: string): boolean {
  for (const value of values) {
    if (value === 'All') continue;
    const why = `Unsupported value: ${JSON.stringify([value])}: supported values: "All"`;
    throw new ApiError(422, 'Invalid', `${kind}.meta.k8s.io "" is invalid: dryRun: ${why}`, {
      group: 'meta.k8s.io',
      kind,
      causes: [{ reason: 'FieldValueNotSupported', message: why, field: 'dryRun' }],
    });
  }
  return values.length > 0;
}

/** Finalizers of custom resources should say whose they are. */
function finalizerWarnings(resource: Resource, object: ApiObject, before: ApiObject | undefined): string[] {
  if (rulesOf(resource).typeName !== undefined) return [];
  const known = before?.metadata.finalizers ?? [];
  const why = 'prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers';
  return (object.metadata.finalizers ?? [])
    .filter((finalizer) => !finalizer.includes('/') && !known.includes(finalizer))
    .map((finalizer) => `metadata.finalizers: ${JSON.stringify(finalizer)}: ${why}`);
}

/** From the body, or from the query where there is none. */
function deleteOptions({ request, query }: Exchange, body: Buffer): { options: DeleteOptions; write: WriteOptions } {
  let value: JsonObject = {};
  if (body.length > 0) {
    const {
      kind: _kind,
      apiVersion: _version,
      ...given
    } = parseBody(body, request.headers['content-type'], 'DeleteOptions');
    value = decode('DeleteOptions', given);
  } else {
    const grace = query.get('gracePeriodSeconds');
    const policy = query.get('propagationPolicy');
    value = {
      ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
      ...(policy === null ? {} : { propagationPolicy: policy }),
      ...(query.has('dryRun') ? { dryRun: query.getAll('dryRun') } : {}),
    };
  }
  const dryRun = dryRunOf((value['dryRun'] as readonly string[] | undefined) ?? [], 'DeleteOptions');
  return { options: value, write: { dryRun } };
}

/**
 * The namespace in an object may be left out, and must not be another than the path's.
 * @throws ApiError 400
 */
function inNamespace(resource: Resource, namespace: string, object: ApiObject): ApiObject {
  const given = object.metadata.namespace ?? '';
  if (!resource.namespaced || given === namespace) return object;
  if (given === '') return { ...object, metadata: { ...object.metadata, namespace } };
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

function checkedVersion(resource: Resource, object: ApiObject): ApiObject {
  const { resourceVersion = '', name } = object.metadata;
  if (resourceVersion !== '' || rulesOf(resource).unconditionalUpdate) return object;
  const why = 'Invalid value: 0: must be specified for an update';
  const qualified = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  throw new ApiError(
    422,
    'Invalid',
    `${qualified} ${JSON.stringify(name)} is invalid: metadata.resourceVersion: ${why}`,
    {
      name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
      causes: [{ reason: 'FieldValueInvalid', message: why, field: 'metadata.resourceVersion' }],
    },
  );
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const what = error instanceof Error ? error.message : String(error);
  return new ApiError(500, 'InternalError', `Internal error occurred: ${what}`);
}

function sendError(response: ServerResponse, error: ApiError, warnings: readonly string[] = []): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const retry = error.details?.retryAfterSeconds;
  if (retry !== undefined) response.setHeader('retry-after', String(retry));
  sendJson(response, error.code, statusOf(error), warnings);
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: object,
  warnings: readonly string[],
  type = 'application/json',
): void {
  sendText(response, status, `${JSON.stringify(value)}\n`, warnings, type);
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  warnings: readonly string[],
  type = 'application/json',
): void {
  writeHead(response, status, Buffer.byteLength(text), warnings, type);
  // As text, so that Node.js sends it in one piece with the headers.
  response.end(text);
}

function sendPieces(
  response: ServerResponse,
  [head, items]: readonly [string, Buffer],
  warnings: readonly string[],
): void {
  writeHead(response, 200, Buffer.byteLength(head) + items.length, warnings, 'application/json');
  response.write(head);
  response.end(items);
}

function writeHead(
  response: ServerResponse,
  status: number,
  length: number,
  warnings: readonly string[],
  type: string,
): void {
  const headers: Record<string, string | number | string[]> = {
    ...HEADERS,
    'content-type': type,
    'content-length': length,
  };
  if (warnings.length > 0) headers['warning'] = warnings.map((text) => `299 - ${JSON.stringify(text)}`);
  response.writeHead(status, headers);
}

/** @param done called once, with undefined for a body that is too large */
function readBody(request: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  if (request.method === 'GET' || request.method === 'HEAD') {
    request.resume();
    done(Buffer.alloc(0));
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  request.on('end', () =>
    done(size > MAX_BODY_BYTES ? undefined : chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)),
  );
  request.on('error', () => undefined);
}

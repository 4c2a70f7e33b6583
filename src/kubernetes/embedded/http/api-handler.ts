import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../base/clock.ts';
import { Random } from '../../../base/random.ts';
import { ApiError, badRequest } from '../../api-error.ts';
import type { Resource } from '../../resource.ts';
import type { ApiServer } from '../api-server.ts';
import type { Conditions } from '../conditions.ts';
import { rulesOf } from '../kinds.ts';
import { ContainerLogs } from '../pods/container-logs.ts';
import { DecodeError } from '../schema/decode.ts';
import { ANONYMOUS, checkAccess, forbiddenPath, Users, type User } from './access.ts';
import { asApiError, HEADERS, MAX_BODY_BYTES, readBody, sendError, sendJson } from './answers.ts';
import { parseBody } from './body.ts';
import { CONTROL_PATH } from './control-path.ts';
import { aggregatedDiscovery, discoveryDocument, GROUPS, REVIEWS, type Review } from './discovery.ts';
import { formFor, type Exchange } from './exchange.ts';
import { openApiDocument, openApiV2 } from './openapi.ts';
import { encodeOpenApiV2, OPENAPI_V2_ASKED, OPENAPI_V2_PROTOBUF } from './openapi-v2-protobuf.ts';
import { answerReview } from './reviews.ts';
import { routeOf, type ObjectRoute } from './route.ts';
import { ApiVerbs } from './verbs.ts';

export interface ApiHandlerOptions {
  readonly clock: Clock;
  readonly api: ApiServer;
  readonly users: readonly User[];
  readonly conditions: Conditions;
  readonly seed: number;
  /** Wall-clock time in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** What containers have written; nothing where it is left out. */
  readonly logs?: ContainerLogs;
  /** Requests under a path of the lab's own; answered after the user has been found. */
  readonly control?: (method: string, body: Buffer, user: User) => { readonly status: number; readonly body: object };
}

/** Fraction by which latencies vary. */
const JITTER = 0.25;
const HEALTH_PATHS = ['/healthz', '/livez', '/readyz'];

/** The Kubernetes API over HTTP: what a request asks, whether it may, and the answer in the form that it wants. */
export class ApiHandler {
  readonly #options: ApiHandlerOptions;
  readonly #users: Users;
  readonly #random: Random;
  readonly #verbs: ApiVerbs;
  #openApiV2Bytes: Buffer | undefined;

  constructor(options: ApiHandlerOptions) {
    this.#options = options;
    this.#users = new Users(options.users);
    this.#random = new Random(options.seed, 'api-handler');
    const { api, nowMs, logs = new ContainerLogs() } = options;
    this.#verbs = new ApiVerbs({ api, nowMs, logs, random: this.#random });
  }

  /** Ends every watch, so that the server can close. */
  close(): void {
    this.#verbs.close();
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
    if (verb === undefined || !rulesOf(route.resource).verbs.includes(verb)) {
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
    this.#afterConditions(exchange, verb, resource, () => this.#verbs.serve(exchange, route, verb, body));
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

  /** Paths that are about no object. */
  #document(exchange: Exchange, body: Buffer): void {
    const { request, response, path, user } = exchange;
    const method = request.method ?? '';
    const review = reviewAt(path);
    if (review !== undefined && method === 'POST') {
      // Any authenticated user may review their own access.
      if (user === ANONYMOUS || !review.plural.startsWith('self')) {
        checkAccess(user, 'create', review, { subresource: '', namespace: '', name: '' });
      }
      this.#review(exchange, review, body);
      return;
    }
    const isPublic =
      HEALTH_PATHS.some((start) => path === start || path.startsWith(`${start}/`)) || path === '/version';
    if (user === ANONYMOUS && !isPublic) throw forbiddenPath(user, method.toLowerCase(), path);
    if (path === CONTROL_PATH && this.#options.control !== undefined) {
      const answer = this.#options.control(method, body, user);
      sendJson(response, answer.status, answer.body, []);
      return;
    }
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
    if (path === '/openapi/v2') {
      this.#openApiV2(exchange);
      return;
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

  #openApiV2({ request, response }: Exchange): void {
    const { accept = '' } = request.headers;
    if (!accept.includes(OPENAPI_V2_ASKED) && !accept.includes(OPENAPI_V2_PROTOBUF)) {
      sendJson(response, 200, openApiV2(), []);
      return;
    }
    this.#openApiV2Bytes ??= encodeOpenApiV2(openApiV2());
    response.writeHead(200, { ...HEADERS, 'content-type': OPENAPI_V2_PROTOBUF });
    response.end(this.#openApiV2Bytes);
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

function verbOf(method: string, { name, subresource }: ObjectRoute, query: URLSearchParams): string | undefined {
  if (subresource === 'log') return method === 'GET' ? 'get' : undefined;
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

import { KeepEffect, LockEffect, RecallEffect, SleepEffect, UnlockEffect, WallTimeEffect } from '../base/effect.ts';
import { bodyText, refusalOf, type HttpRequest, type HttpResponse, type HttpRoute } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { ActionsClientPolicy, CallerDetails } from './client-policy.ts';
import type { GitHubConfig } from './config-url.ts';
import { appJwt, jwtExpiryMs, type Credentials } from './credentials.ts';
import { actionsErrorOf, GitHubApiError, type ActionsError } from './errors.ts';
import type { ActionsOperation } from './operations.ts';
import { isRefused, sendWithRetries, type ActionsStep } from './retry.ts';

/** What every call but the registration itself needs. */
interface AdminConnection {
  /** As the service gave it, which may be with a slash at its end. */
  readonly serviceUrl: string;
  readonly token: string;
  readonly expiresMs: number;
  readonly caller: Caller;
}

type Caller = CallerDetails | undefined;

const JSON_TYPE = 'application/json';
/** The admin token is renewed when it has less than this left. */
const RENEW_BEFORE_MS = 60_000;

export interface ConnectionOptions {
  /** Tells this connection from those with other credentials or another route. */
  readonly identity: string;
  readonly config: GitHubConfig;
  readonly credentials: Credentials;
  readonly route: HttpRoute | undefined;
  readonly secrets: SecretRegistry;
  readonly policy: ActionsClientPolicy;
  /** Who calls, where that is known from the start. */
  readonly caller?: CallerDetails;
}

/**
 * The way to the Actions service for one config URL and one set of credentials. The admin token is fetched once and shared
 * by all passes; the first to need it fetches it while the others wait. Whether they also wait for one another's calls is
 * up to the policy. The connection itself keeps nothing: token, lock and user agent are effects too.
 */
export class ActionsConnection {
  readonly #options: ConnectionOptions;
  /** What the shared token and the lock are called: the same for connections of the same URL, credentials and route. */
  readonly #shared: string;
  #named: { readonly caller: Caller; readonly userAgent: string } | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#shared = `admin token ${options.identity}`;
  }

  /** Gets what every call needs: shows that the service is there and takes the credentials. */
  *connect(): ActionsStep<void> {
    yield* this.#call(this.#adminConnection());
  }

  /** From now on calls say on whose behalf they are made. Only where a call has been made before. */
  *nameCaller(caller: CallerDetails): ActionsStep<void> {
    const connection = yield* new RecallEffect<AdminConnection>(this.#shared);
    if (connection !== undefined) yield* new KeepEffect(this.#shared, { ...connection, caller });
  }

  /** Makes a call of the service, below its URL. */
  *service(
    operation: ActionsOperation,
    subject: string,
    method: HttpRequest['method'],
    path: string,
    body?: string,
  ): ActionsStep<HttpResponse> {
    return yield* this.#call(this.#send(operation, subject, method, path, body));
  }

  /**
   * Where paths that the connection does not make itself begin. The one client sees to its admin token for that, the other
   * takes the address as the service gave it, with a slash at its end where there is one.
   */
  *serviceUrl(): ActionsStep<string> {
    if (!this.#options.policy.isOneAtATime) return (yield* this.#adminConnection()).serviceUrl;
    return withoutSlash((yield* this.#locked(this.#adminConnection())).serviceUrl);
  }

  /** A request with a token other than the connection's, made beside its other calls. */
  request({ method, url, token, body, headers }: TokenRequest): HttpRequest {
    const request = this.#request(this.#options.caller, method, url, `Bearer ${token}`, JSON_TYPE, body);
    if (headers === undefined) return request;
    // A request that says what it takes says nothing of a type of its own.
    const { 'content-type': _none, ...rest } = request.headers;
    return { ...request, headers: { ...rest, ...headers } };
  }

  *#send(
    operation: ActionsOperation,
    subject: string,
    method: HttpRequest['method'],
    path: string,
    body: string | undefined,
  ): ActionsStep<HttpResponse> {
    const { serviceUrl, token, caller } = yield* this.#adminConnection();
    const url = `${withoutSlash(serviceUrl)}/${path}`;
    const request = this.#request(caller, method, url, `Bearer ${token}`, JSON_TYPE, body);
    return yield* sendWithRetries(operation, subject, request);
  }

  /** Makes a call when no other is in progress, if the policy is so. */
  *#call<T>(call: ActionsStep<T>): ActionsStep<T> {
    return this.#options.policy.isOneAtATime ? yield* this.#locked(call) : yield* call;
  }

  *#locked<T>(step: ActionsStep<T>): ActionsStep<T> {
    yield* new LockEffect(this.#shared);
    try {
      return yield* step;
    } finally {
      yield* new UnlockEffect(this.#shared);
    }
  }

  *#adminConnection(): ActionsStep<AdminConnection> {
    const shared = yield* this.#validConnection();
    if (shared !== undefined) return shared;
    return this.#options.policy.isOneAtATime
      ? yield* this.#newConnection()
      : yield* this.#locked(this.#sharedConnection());
  }

  /** With the lock: the pass that had it before may have fetched the token. */
  *#sharedConnection(): ActionsStep<AdminConnection> {
    return (yield* this.#validConnection()) ?? (yield* this.#newConnection());
  }

  *#newConnection(): ActionsStep<AdminConnection> {
    const before = yield* new RecallEffect<AdminConnection>(this.#shared);
    const caller = before?.caller ?? this.#options.caller;
    const registrationToken = yield* this.#registrationToken(caller);
    const connection = yield* this.#register(caller, registrationToken);
    yield* new KeepEffect(this.#shared, connection);
    return connection;
  }

  *#validConnection(): ActionsStep<AdminConnection | undefined> {
    const connection = yield* new RecallEffect<AdminConnection>(this.#shared);
    if (connection === undefined) return undefined;
    const nowMs = yield* new WallTimeEffect();
    return nowMs + RENEW_BEFORE_MS <= connection.expiresMs ? connection : undefined;
  }

  *#registrationToken(caller: Caller): ActionsStep<string> {
    const { config, credentials } = this.#options;
    const bearer = credentials.kind === 'token' ? credentials.token : yield* this.#accessToken(caller, credentials);
    const url = config.apiUrl + config.registrationTokenPath;
    const request = this.#request(caller, 'POST', url, `Bearer ${bearer}`, 'application/vnd.github.v3+json', '');
    const response = yield* sendWithRetries('registration-token', '', request);
    if (response.status !== 201) throw gitHubError(response, 'registration-token');
    return this.#token(response, 'registration-token');
  }

  *#accessToken(caller: Caller, app: Extract<Credentials, { kind: 'app' }>): ActionsStep<string> {
    const nowMs = yield* new WallTimeEffect();
    const url = `${this.#options.config.apiUrl}/app/installations/${app.installationId}/access_tokens`;
    const jwt = appJwt(app.appId, app.privateKey, nowMs);
    const request = this.#request(caller, 'POST', url, `Bearer ${jwt}`, 'application/vnd.github+json');
    const response = yield* sendWithRetries('access-token', '', request);
    if (response.status !== 201) throw gitHubError(response, 'access-token');
    return this.#token(response, 'access-token');
  }

  #token(response: HttpResponse, operation: string): string {
    const { token } = parseJson<{ token: string }>(response, operation);
    this.#options.secrets.add(token);
    return token;
  }

  /** GitHub may not know a fresh token yet: when it refuses, it is asked again as the policy says. */
  *#register(caller: Caller, registrationToken: string): ActionsStep<AdminConnection> {
    const { refusedRegistration } = this.#options.policy;
    const asFailures = refusedRegistration === 'as-failures';
    const waitsUs = asFailures ? [] : refusedRegistration;
    const body = JSON.stringify({ url: this.#options.config.url, runner_event: 'register' });
    const send = (withBody?: string): ActionsStep<HttpResponse> => {
      const url = `${this.#options.config.apiUrl}/actions/runner-registration`;
      const request = this.#request(caller, 'POST', url, `RemoteAuth ${registrationToken}`, JSON_TYPE, withBody);
      return sendWithRetries('runner-registration', '', request, asFailures);
    };
    let response = yield* send(body);
    for (const waitUs of waitsUs) {
      if (!isRefused(response)) break;
      yield* new SleepEffect(waitUs);
      response = yield* send();
    }
    if (response.status < 200 || response.status >= 300) throw gitHubError(response, 'runner-registration');
    const { url: serviceUrl, token } = parseJson<{ url: string; token: string }>(response, 'runner-registration');
    this.#options.secrets.add(token);
    return { serviceUrl, token, expiresMs: jwtExpiryMs(token), caller };
  }

  #request(
    caller: Caller,
    method: HttpRequest['method'],
    url: string,
    authorization: string,
    contentType: string,
    body?: string,
  ): HttpRequest {
    const { route } = this.#options;
    return {
      method,
      url,
      headers: { authorization, 'user-agent': this.#userAgent(caller), 'content-type': contentType },
      ...(body === undefined ? {} : { body }),
      ...(route === undefined ? {} : { route }),
    };
  }

  /** Made once for a caller: every call says it, and it hardly ever changes. */
  #userAgent(caller: Caller): string {
    let named = this.#named;
    if (named === undefined || named.caller !== caller) {
      named = { caller, userAgent: this.#options.policy.userAgent(caller) };
      this.#named = named;
    }
    return named.userAgent;
  }

  /** The error for an answer that is not the one hoped for. */
  refused(response: HttpResponse, operation: string): ActionsError {
    return actionsErrorOf(response, operation, this.#options.policy.checksStatus);
  }
}

interface TokenRequest {
  readonly method: HttpRequest['method'];
  readonly url: string;
  readonly token: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function withoutSlash(url: string): string {
  return url.endsWith('/') ? url.replace(/\/+$/, '') : url;
}

function gitHubError(response: HttpResponse, operation: string): GitHubApiError {
  return new GitHubApiError(response.status, operation, refusalOf(response).message);
}

/** @throws Error for a body that is not JSON */
export function parseJson<T>(response: HttpResponse, operation: string): T {
  try {
    return JSON.parse(bodyText(response)) as T;
  } catch {
    throw new Error(`${operation} was answered with something that is not JSON`);
  }
}

import { KeepEffect, LockEffect, RecallEffect, SleepEffect, UnlockEffect, WallTimeEffect } from '../base/effect.ts';
import { bodyText, refusalOf, type HttpRequest, type HttpResponse, type HttpRoute } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { ActionsClientPolicy } from './client-policy.ts';
import { parseConfigUrl, type GitHubConfig } from './config-url.ts';
import { appJwt, jwtExpiryMs, type Credentials } from './credentials.ts';
import { actionsErrorOf, GitHubApiError, type ActionsError } from './errors.ts';
import { isRefused, sendWithRetries, type ActionsStep } from './retry.ts';

export interface RunnerReference {
  readonly id: number;
  readonly name: string;
  readonly runnerScaleSetId: number;
}

export interface JitConfig {
  readonly runner: RunnerReference;
  readonly encodedJITConfig: string;
}

/** What every call but the registration itself needs. */
interface AdminConnection {
  readonly serviceUrl: string;
  readonly token: string;
  readonly expiresMs: number;
}

const JSON_TYPE = 'application/json';
const API_VERSION = 'api-version=6.0-preview';
/** The admin token is renewed when it has less than this left. */
const RENEW_BEFORE_MS = 60_000;

/**
 * Client of the Actions service for one config URL and one set of credentials. Its methods are parts of passes: they
 * yield the HTTP requests they need. The admin token is fetched once and shared by all passes; the first to need it
 * fetches it while the others wait. Whether they also wait for one another's calls is up to the policy. The client itself
 * keeps nothing: token and lock are effects too.
 */
export class ActionsClient {
  readonly #config: GitHubConfig;
  readonly #credentials: Credentials;
  readonly #route: HttpRoute | undefined;
  readonly #secrets: SecretRegistry;
  readonly #policy: ActionsClientPolicy;
  /** What the shared token and the lock are called: the same for clients of the same URL, credentials and route. */
  readonly #shared: string;

  /** @param identity tells this client from those with other credentials or another route */
  constructor(
    identity: string,
    configUrl: string,
    credentials: Credentials,
    route: HttpRoute | undefined,
    secrets: SecretRegistry,
    policy: ActionsClientPolicy,
  ) {
    this.#config = parseConfigUrl(configUrl);
    this.#credentials = credentials;
    this.#route = route;
    this.#secrets = secrets;
    this.#policy = policy;
    this.#shared = `admin token ${identity}`;
  }

  /** Gets what every other call needs: shows that the service is there and takes the credentials. */
  *connect(): ActionsStep<void> {
    yield* this.#call(this.#adminConnection());
  }

  /** @throws ActionsError 409 AgentExistsException when the name is registered */
  *generateJitConfig(scaleSetId: number, name: string, workFolder: string): ActionsStep<JitConfig> {
    const path = `_apis/runtime/runnerscalesets/${scaleSetId}/generatejitconfig?${API_VERSION}`;
    const body = JSON.stringify({ name, workFolder });
    const response = yield* this.#service('generatejitconfig', name, 'POST', path, body);
    if (response.status !== 200) throw this.#refused(response, 'generatejitconfig');
    const jitConfig = parseJson<JitConfig>(response, 'generatejitconfig');
    this.#secrets.addRecent(jitConfig.encodedJITConfig);
    return jitConfig;
  }

  /** @throws ActionsError 404 AgentNotFoundException when the service does not know the runner */
  *getRunner(id: number, subject: string): ActionsStep<RunnerReference> {
    const response = yield* this.#service('get-runner', subject, 'GET', agentsPath(id));
    if (response.status !== 200) throw this.#refused(response, 'get-runner');
    return parseJson<RunnerReference>(response, 'get-runner');
  }

  *getRunnerByName(name: string): ActionsStep<RunnerReference | undefined> {
    const path = `_apis/distributedtask/pools/0/agents?agentName=${encodeURIComponent(name)}&${API_VERSION}`;
    const response = yield* this.#service('get-runner-by-name', name, 'GET', path);
    if (response.status !== 200) throw this.#refused(response, 'get-runner-by-name');
    const { count, value } = parseJson<{ count: number; value: RunnerReference[] }>(response, 'get-runner-by-name');
    if (count > 1) throw new Error('multiple runner found with the same name');
    return count === 0 ? undefined : value[0];
  }

  /** @throws ActionsError for any answer but 204, 400 JobStillRunningException among them */
  *removeRunner(id: number, subject: string): ActionsStep<void> {
    const response = yield* this.#service('delete-runner', subject, 'DELETE', agentsPath(id));
    if (response.status !== 204) throw this.#refused(response, 'delete-runner');
  }

  *#service(
    operation: string,
    subject: string,
    method: HttpRequest['method'],
    path: string,
    body?: string,
  ): ActionsStep<HttpResponse> {
    return yield* this.#call(this.#send(operation, subject, method, path, body));
  }

  *#send(
    operation: string,
    subject: string,
    method: HttpRequest['method'],
    path: string,
    body: string | undefined,
  ): ActionsStep<HttpResponse> {
    const { serviceUrl, token } = yield* this.#adminConnection();
    const url = `${serviceUrl.replace(/\/+$/, '')}/${path}`;
    return yield* sendWithRetries(operation, subject, this.#request(method, url, `Bearer ${token}`, JSON_TYPE, body));
  }

  /** Makes a call when no other is in progress, if the policy is so. */
  *#call<T>(call: ActionsStep<T>): ActionsStep<T> {
    return this.#policy.isOneAtATime ? yield* this.#locked(call) : yield* call;
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
    return this.#policy.isOneAtATime ? yield* this.#newConnection() : yield* this.#locked(this.#sharedConnection());
  }

  /** With the lock: the pass that had it before may have fetched the token. */
  *#sharedConnection(): ActionsStep<AdminConnection> {
    return (yield* this.#validConnection()) ?? (yield* this.#newConnection());
  }

  *#newConnection(): ActionsStep<AdminConnection> {
    const registrationToken = yield* this.#registrationToken();
    const connection = yield* this.#register(registrationToken);
    yield* new KeepEffect(this.#shared, connection);
    return connection;
  }

  *#validConnection(): ActionsStep<AdminConnection | undefined> {
    const connection = yield* new RecallEffect<AdminConnection>(this.#shared);
    if (connection === undefined) return undefined;
    const nowMs = yield* new WallTimeEffect();
    return nowMs + RENEW_BEFORE_MS <= connection.expiresMs ? connection : undefined;
  }

  *#registrationToken(): ActionsStep<string> {
    const bearer =
      this.#credentials.kind === 'token' ? this.#credentials.token : yield* this.#accessToken(this.#credentials);
    const url = this.#config.apiUrl + this.#config.registrationTokenPath;
    const request = this.#request('POST', url, `Bearer ${bearer}`, 'application/vnd.github.v3+json', '');
    const response = yield* sendWithRetries('registration-token', '', request);
    if (response.status !== 201) throw gitHubError(response, 'registration-token');
    return this.#token(response, 'registration-token');
  }

  *#accessToken(app: Extract<Credentials, { kind: 'app' }>): ActionsStep<string> {
    const nowMs = yield* new WallTimeEffect();
    const url = `${this.#config.apiUrl}/app/installations/${app.installationId}/access_tokens`;
    const jwt = appJwt(app.appId, app.privateKey, nowMs);
    const request = this.#request('POST', url, `Bearer ${jwt}`, 'application/vnd.github+json');
    const response = yield* sendWithRetries('access-token', '', request);
    if (response.status !== 201) throw gitHubError(response, 'access-token');
    return this.#token(response, 'access-token');
  }

  #token(response: HttpResponse, operation: string): string {
    const { token } = parseJson<{ token: string }>(response, operation);
    this.#secrets.add(token);
    return token;
  }

  /** GitHub may not know a fresh token yet: when it refuses, it is asked again as the policy says. */
  *#register(registrationToken: string): ActionsStep<AdminConnection> {
    const { refusedRegistration } = this.#policy;
    const asFailures = refusedRegistration === 'as-failures';
    const waitsUs = asFailures ? [] : refusedRegistration;
    const body = JSON.stringify({ url: this.#config.url, runner_event: 'register' });
    const send = (withBody?: string): ActionsStep<HttpResponse> => {
      const url = `${this.#config.apiUrl}/actions/runner-registration`;
      const request = this.#request('POST', url, `RemoteAuth ${registrationToken}`, JSON_TYPE, withBody);
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
    this.#secrets.add(token);
    return { serviceUrl, token, expiresMs: jwtExpiryMs(token) };
  }

  #request(
    method: HttpRequest['method'],
    url: string,
    authorization: string,
    contentType: string,
    body?: string,
  ): HttpRequest {
    return {
      method,
      url,
      headers: { authorization, 'user-agent': this.#policy.userAgent, 'content-type': contentType },
      ...(body === undefined ? {} : { body }),
      ...(this.#route === undefined ? {} : { route: this.#route }),
    };
  }

  #refused(response: HttpResponse, operation: string): ActionsError {
    return actionsErrorOf(response, operation, this.#policy.checksStatus);
  }
}

function agentsPath(id: number): string {
  return `_apis/distributedtask/pools/0/agents/${id}?${API_VERSION}`;
}

function gitHubError(response: HttpResponse, operation: string): GitHubApiError {
  return new GitHubApiError(response.status, operation, refusalOf(response).message);
}

function parseJson<T>(response: HttpResponse, operation: string): T {
  try {
    return JSON.parse(bodyText(response)) as T;
  } catch {
    throw new Error(`${operation} was answered with something that is not JSON`);
  }
}

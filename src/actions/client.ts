import { KeepEffect, LockEffect, RecallEffect, SleepEffect, UnlockEffect, WallTimeEffect } from '../base/effect.ts';
import { bodyText, refusalOf, type HttpRequest, type HttpResponse, type HttpRoute } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { parseConfigUrl, type GitHubConfig } from './config-url.ts';
import { appJwt, jwtExpiryMs, type Credentials } from './credentials.ts';
import { actionsErrorOf, GitHubApiError } from './errors.ts';
import { sendWithRetries, type ActionsStep } from './retry.ts';

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

const API_VERSION = 'api-version=6.0-preview';
/** The admin token is renewed when it has less than this left. */
const RENEW_BEFORE_MS = 60_000;

/** How a release of ARC deals with the service. */
export interface ActionsClientPolicy {
  readonly userAgent: string;
  /** How often runner-registration is sent while it is answered 401 or 403. */
  readonly registrationTries: number;
}

/**
 * Client of the Actions service for one config URL and one set of credentials. Its methods are parts of passes: they
 * yield the HTTP requests they need. The admin token is fetched once and shared by all passes; the first to need it
 * fetches it while the others wait. The client itself keeps nothing: token and lock are effects too.
 */
export class ActionsClient {
  readonly #config: GitHubConfig;
  readonly #credentials: Credentials;
  readonly #route: HttpRoute | undefined;
  readonly #secrets: SecretRegistry;
  readonly #policy: ActionsClientPolicy;
  /** What the shared token and its lock are called: the same for clients of the same URL, credentials and route. */
  readonly #tokenName: string;

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
    this.#tokenName = `admin token ${identity}`;
  }

  /** Gets what every other call needs: shows that the service is there and takes the credentials. */
  *connect(): ActionsStep<void> {
    yield* this.#adminConnection();
  }

  /** @throws ActionsError 409 AgentExistsException when the name is registered */
  *generateJitConfig(scaleSetId: number, name: string, workFolder: string): ActionsStep<JitConfig> {
    const path = `_apis/runtime/runnerscalesets/${scaleSetId}/generatejitconfig?${API_VERSION}`;
    const body = JSON.stringify({ name, workFolder });
    const response = yield* this.#service('generatejitconfig', name, 'POST', path, body);
    if (response.status !== 200) throw actionsErrorOf(response, 'generatejitconfig');
    const jitConfig = parseJson<JitConfig>(response, 'generatejitconfig');
    this.#secrets.addRecent(jitConfig.encodedJITConfig);
    return jitConfig;
  }

  /** @throws ActionsError 404 AgentNotFoundException when the service does not know the runner */
  *getRunner(id: number, subject: string): ActionsStep<RunnerReference> {
    const response = yield* this.#service('get-runner', subject, 'GET', agentsPath(id));
    if (response.status !== 200) throw actionsErrorOf(response, 'get-runner');
    return parseJson<RunnerReference>(response, 'get-runner');
  }

  *getRunnerByName(name: string): ActionsStep<RunnerReference | undefined> {
    const path = `_apis/distributedtask/pools/0/agents?agentName=${encodeURIComponent(name)}&${API_VERSION}`;
    const response = yield* this.#service('get-runner-by-name', name, 'GET', path);
    if (response.status !== 200) throw actionsErrorOf(response, 'get-runner-by-name');
    const { count, value } = parseJson<{ count: number; value: RunnerReference[] }>(response, 'get-runner-by-name');
    if (count > 1) throw new Error('multiple runner found with the same name');
    return count === 0 ? undefined : value[0];
  }

  /** @throws ActionsError for any answer but 204, 400 JobStillRunningException among them */
  *removeRunner(id: number, subject: string): ActionsStep<void> {
    const response = yield* this.#service('delete-runner', subject, 'DELETE', agentsPath(id));
    if (response.status !== 204) throw actionsErrorOf(response, 'delete-runner');
  }

  *#service(
    operation: string,
    subject: string,
    method: HttpRequest['method'],
    path: string,
    body?: string,
  ): ActionsStep<HttpResponse> {
    const { serviceUrl, token } = yield* this.#adminConnection();
    return yield* sendWithRetries(
      operation,
      subject,
      this.#request(method, `${serviceUrl.replace(/\/+$/, '')}/${path}`, `Bearer ${token}`, body),
    );
  }

  *#adminConnection(): ActionsStep<AdminConnection> {
    const shared = yield* this.#validConnection();
    if (shared !== undefined) return shared;
    yield* new LockEffect(this.#tokenName);
    try {
      // The pass that had the lock before may have fetched it.
      const fetched = yield* this.#validConnection();
      if (fetched !== undefined) return fetched;
      const registrationToken = yield* this.#registrationToken();
      const connection = yield* this.#register(registrationToken);
      yield* new KeepEffect(this.#tokenName, connection);
      return connection;
    } finally {
      yield* new UnlockEffect(this.#tokenName);
    }
  }

  *#validConnection(): ActionsStep<AdminConnection | undefined> {
    const connection = yield* new RecallEffect<AdminConnection>(this.#tokenName);
    if (connection === undefined) return undefined;
    const nowMs = yield* new WallTimeEffect();
    return nowMs + RENEW_BEFORE_MS <= connection.expiresMs ? connection : undefined;
  }

  *#registrationToken(): ActionsStep<string> {
    const bearer =
      this.#credentials.kind === 'token' ? this.#credentials.token : yield* this.#accessToken(this.#credentials);
    const url = this.#config.apiUrl + this.#config.registrationTokenPath;
    const response = yield* sendWithRetries(
      'registration-token',
      '',
      this.#request('POST', url, `Bearer ${bearer}`, '', 'application/vnd.github.v3+json'),
    );
    if (response.status !== 201) throw gitHubError(response, 'registration-token');
    return this.#token(response, 'registration-token');
  }

  *#accessToken(app: Extract<Credentials, { kind: 'app' }>): ActionsStep<string> {
    const nowMs = yield* new WallTimeEffect();
    const url = `${this.#config.apiUrl}/app/installations/${app.installationId}/access_tokens`;
    const jwt = appJwt(app.appId, app.privateKey, nowMs);
    const response = yield* sendWithRetries('access-token', '', this.#request('POST', url, `Bearer ${jwt}`));
    if (response.status !== 201) throw gitHubError(response, 'access-token');
    return this.#token(response, 'access-token');
  }

  #token(response: HttpResponse, operation: string): string {
    const { token } = parseJson<{ token: string }>(response, operation);
    this.#secrets.add(token);
    return token;
  }

  /** GitHub may not know a fresh token yet: 401 and 403 are tried again after 1, 2, 4, 8 and 16 s. */
  *#register(registrationToken: string): ActionsStep<AdminConnection> {
    const url = `${this.#config.apiUrl}/actions/runner-registration`;
    const body = JSON.stringify({ url: this.#config.url, runner_event: 'register' });
    const request = this.#request('POST', url, `RemoteAuth ${registrationToken}`, body);
    for (let attempt = 1; ; attempt++) {
      const response = yield* sendWithRetries('runner-registration', '', request);
      if (response.status >= 200 && response.status < 300) {
        const { url: serviceUrl, token } = parseJson<{ url: string; token: string }>(response, 'runner-registration');
        this.#secrets.add(token);
        return { serviceUrl, token, expiresMs: jwtExpiryMs(token) };
      }
      const mayHelp = response.status === 401 || response.status === 403;
      if (!mayHelp || attempt === this.#policy.registrationTries) throw gitHubError(response, 'runner-registration');
      yield* new SleepEffect(Math.min(20_000_000, 500_000 * 2 ** attempt));
    }
  }

  #request(
    method: HttpRequest['method'],
    url: string,
    authorization: string,
    body?: string,
    accept?: string,
  ): HttpRequest {
    return {
      method,
      url,
      headers: {
        authorization,
        'user-agent': this.#policy.userAgent,
        'content-type': 'application/json',
        ...(accept === undefined ? {} : { accept }),
      },
      ...(body === undefined ? {} : { body }),
      ...(this.#route === undefined ? {} : { route: this.#route }),
    };
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

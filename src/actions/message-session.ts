import type { HttpRequest, HttpResponse } from '../base/http.ts';
import { ActionsConnection, parseJson, type ConnectionOptions } from './connection.ts';
import { API_VERSION, SCALE_SETS } from './client.ts';
import type { JobEvent } from './job.ts';
import type { ActionsOperation } from './operations.ts';
import { sendWithRetries, type ActionsStep } from './retry.ts';
import type { ScaleSetStatistics } from './scale-set.ts';

/** What the service says of a session. */
interface SessionAnswer {
  readonly sessionId: string;
  readonly messageQueueUrl: string;
  readonly messageQueueAccessToken: string;
  readonly statistics?: ScaleSetStatistics | null;
}

/** A message with the events in it, of the kinds that a listener knows. */
export interface JobMessage {
  readonly messageId: number;
  readonly statistics: ScaleSetStatistics;
  readonly events: readonly JobEvent[];
}

/**
 * A listener's session with the Actions service: its calls are parts of the listener's program and yield the HTTP requests
 * that they need. A queue whose token has expired is asked again once, with the token of the refreshed session.
 */
export class MessageSession {
  readonly #connection: ActionsConnection;
  readonly #options: ConnectionOptions;
  readonly #scaleSet: { readonly id: number; readonly name: string };
  #session: SessionAnswer | undefined;

  /** @param scaleSet its name is what traces show */
  constructor(options: ConnectionOptions, scaleSet: { readonly id: number; readonly name: string }) {
    this.#options = options;
    this.#connection = new ActionsConnection(options);
    this.#scaleSet = scaleSet;
  }

  /**
   * @param owner name of the listener's host
   * @returns what the service counts of the scale set
   * @throws ActionsError 409 while the scale set has another session
   */
  *create(owner: string): ActionsStep<ScaleSetStatistics> {
    const noId = this.#options.policy.sendsEmptySessionId ? { sessionId: '00000000-0000-0000-0000-000000000000' } : {};
    const body = JSON.stringify({ ...noId, ownerName: owner });
    const session = yield* this.#sessionCall('create-session', 'POST', '', body);
    if (session.statistics === undefined || session.statistics === null) throw new Error('session statistics is nil');
    return session.statistics;
  }

  /** Ends the session. */
  *close(): ActionsStep<void> {
    const operation = 'delete-session';
    const path = this.#path(`/${this.#open.sessionId}`);
    const response = yield* this.#connection.service(operation, this.#scaleSet.name, 'DELETE', path);
    if (response.status !== 204) throw this.#connection.refused(response, operation);
  }

  /**
   * Waits for the next message.
   * @param lastMessageId 0 for the first one
   * @param capacity how many runners the listener can have
   * @returns undefined when the service has nothing to say for the time of a poll
   */
  *getMessage(lastMessageId: number, capacity: number): ActionsStep<JobMessage | undefined> {
    const response = yield* this.#withToken('get-message', (token) => {
      const url = new URL(this.#open.messageQueueUrl);
      if (lastMessageId > 0) url.searchParams.set('lastMessageId', String(lastMessageId));
      const headers = {
        accept: `application/json; ${API_VERSION}`,
        'x-scalesetmaxcapacity': String(capacity),
      };
      return this.#connection.request({ method: 'GET', url: url.href, token, headers });
    });
    if (response.status === 202) return undefined;
    if (response.status !== 200) throw this.#connection.refused(response, 'get-message');
    return messageOf(response);
  }

  *deleteMessage(messageId: number): ActionsStep<void> {
    const response = yield* this.#withToken('delete-message', (token) => {
      const url = new URL(this.#open.messageQueueUrl);
      url.pathname += `/${messageId}`;
      return this.#connection.request({ method: 'DELETE', url: url.href, token });
    });
    if (response.status !== 204) throw this.#connection.refused(response, 'delete-message');
  }

  /** @returns ids of the requests that were acquired, which may be fewer */
  *acquireJobs(requestIds: readonly number[]): ActionsStep<readonly number[]> {
    const operation = 'acquire-jobs';
    const serviceUrl = yield* this.#connection.serviceUrl();
    const url = `${serviceUrl}/${this.#path('', 'acquirejobs')}`;
    const body = JSON.stringify(requestIds);
    const response = yield* this.#withToken(operation, (token) => {
      return this.#connection.request({ method: 'POST', url, token, body });
    });
    if (response.status !== 200) throw this.#connection.refused(response, operation);
    return parseJson<{ readonly value: readonly number[] }>(response, operation).value;
  }

  /** @throws Error before there is a session */
  get #open(): SessionAnswer {
    if (this.#session === undefined) throw new Error('there is no session');
    return this.#session;
  }

  #path(below: string, part = 'sessions'): string {
    return `${SCALE_SETS}/${this.#scaleSet.id}/${part}${below}?${API_VERSION}`;
  }

  *#sessionCall(
    operation: ActionsOperation,
    method: HttpRequest['method'],
    below: string,
    body?: string,
  ): ActionsStep<SessionAnswer> {
    const response = yield* this.#connection.service(operation, this.#scaleSet.name, method, this.#path(below), body);
    if (response.status !== 200) throw this.#connection.refused(response, operation);
    const session = parseJson<SessionAnswer>(response, operation);
    this.#options.secrets.add(session.messageQueueAccessToken);
    this.#session = session;
    return session;
  }

  /** Sends a request for the queue; a second time, with a new token, when the first one has expired. */
  *#withToken(operation: ActionsOperation, request: (token: string) => HttpRequest): ActionsStep<HttpResponse> {
    const send = (): ActionsStep<HttpResponse> => {
      return sendWithRetries(operation, this.#scaleSet.name, request(this.#open.messageQueueAccessToken));
    };
    const response = yield* send();
    if (response.status !== 401) return response;
    yield* this.#sessionCall('refresh-session', 'PATCH', `/${this.#open.sessionId}`);
    return yield* send();
  }
}

const MESSAGE_TYPE = 'RunnerScaleSetJobMessages';

/** @throws Error for a message that is not one about jobs */
function messageOf(response: HttpResponse): JobMessage {
  const { messageId, messageType, body, statistics } = parseJson<{
    readonly messageId: number;
    readonly messageType: string;
    readonly body?: string;
    readonly statistics?: ScaleSetStatistics | null;
  }>(response, 'get-message');
  if (messageType !== MESSAGE_TYPE) throw new Error(`unsupported message type: ${messageType}`);
  if (statistics === undefined || statistics === null) throw new Error('invalid message: statistics is nil');
  const events: unknown = body === undefined || body === '' ? [] : JSON.parse(body);
  if (!Array.isArray(events)) throw new Error('failed to unmarshal batched messages');
  return { messageId, statistics, events: events as JobEvent[] };
}

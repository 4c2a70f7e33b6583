import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { UNTRUSTED_CERTIFICATE } from '../../base/untrusted-certificate.ts';
import { ApiError, type Status, type StatusReason } from '../api-error.ts';
import type { ClusterAccess } from './kubeconfig.ts';

const REQUEST_TIMEOUT_MS = 60_000;
/** How long an open stream is silent before the system asks whether the peer is there; it gives up 10 s later. */
const KEEP_ALIVE_MS = 2_000;
/** Credentials are asked for again after this time, and at once after a 401. */
const CREDENTIALS_LIFE_MS = 60_000;
const USER_AGENT = 'arc-lab';
/** What a read-only transport may post: a question, not a change. */
export const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** In which form a body is sent, and one is asked for. */
interface Forms {
  readonly contentType: string;
  readonly accept: string;
}

const PLAIN: Forms = { contentType: 'application/json', accept: 'application/json' };

interface RawResponse {
  readonly status: number;
  readonly body: string;
  /** How long the server asks to wait before the next try; 0 when it does not. */
  readonly retryAfterSeconds: number;
}

export interface TransportOptions {
  /** Sends only GETs and access reviews, and refuses everything else. */
  readonly readOnly?: boolean;
  /** Name under which the API server sees the requests, also as the manager of the fields that they write. */
  readonly userAgent?: string;
}

/** An open stream of lines. */
export interface LineStream {
  close(): void;
}

/** HTTP to one API server: keep-alive connections, credentials, errors as ApiError. */
export class ApiTransport {
  readonly #access: ClusterAccess;
  readonly #readOnly: boolean;
  readonly #userAgent: string;
  #options: Promise<RequestOptions> | undefined;
  #optionsUntilMs = 0;
  #serverTimeMs = NaN;
  #heardMs = Date.now();
  /** Kept over renewals of the token so that connections are; replaced when the client certificate changes. */
  #agent: HttpAgent | HttpsAgent | undefined;
  #agentFor = '';

  constructor(access: ClusterAccess, options: TransportOptions = {}) {
    this.#access = access;
    this.#readOnly = options.readOnly ?? false;
    this.#userAgent = options.userAgent ?? USER_AGENT;
  }

  get server(): string {
    return this.#access.server.origin;
  }

  /** The server's clock when it last answered, to the second: milliseconds since 1970, NaN where it did not say. */
  get serverTimeMs(): number {
    return this.#serverTimeMs;
  }

  /** When the server last sent anything, or when this began: milliseconds since 1970. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /**
   * Asks for a sign of life, which may be any answer.
   * @throws ApiError with code 0 when there is none within `limitMs`
   */
  async probe(limitMs: number): Promise<void> {
    await this.#exchange('GET', '/version', undefined, PLAIN, limitMs);
  }

  /**
   * Sends one request and gives the parsed body.
   * @param accept another form in which the server gives it, such as one without what is secret
   * @throws ApiError with the server's Status, or with code 0 when there was no answer
   */
  async json(
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
    accept = 'application/json',
  ): Promise<unknown> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.#answer(method, path, text, { contentType, accept });
    try {
      return JSON.parse(answer) as unknown;
    } catch {
      throw new ApiError(0, 'Unknown', `${this.server} answered ${method} ${path} with something that is not JSON`);
    }
  }

  /**
   * Gets what is no object, such as what a pod serves behind the API server.
   * @throws ApiError as json() does
   */
  text(path: string): Promise<string> {
    return this.#answer('GET', path, undefined, { ...PLAIN, accept: '*/*' });
  }

  async #answer(method: string, path: string, body: string | undefined, forms: Forms): Promise<string> {
    let response = await this.#exchange(method, path, body, forms);
    if (response.status === 401) {
      this.#options = undefined;
      response = await this.#exchange(method, path, body, forms);
    }
    if (response.status >= 400) throw statusError(response, `${method} ${path}`);
    return response.body;
  }

  /**
   * Opens a GET whose body is lines without end.
   * @param onLine called for each complete line
   * @param onEnd called once: without an error when the server ended the stream, else with what broke it
   * @param onOpen called when the server has accepted the request
   */
  stream(
    path: string,
    idleTimeoutMs: number,
    onLine: (line: Buffer) => void,
    onEnd: (error?: ApiError) => void,
    onOpen?: () => void,
  ): LineStream {
    let request: ClientRequest | undefined;
    let ended = false;
    const end = (error?: ApiError): void => {
      if (ended) return;
      ended = true;
      request?.destroy();
      onEnd(error);
    };
    void this.#connectionOptions().then(
      (options) => {
        if (ended) return;
        request = this.#open('GET', path, options, undefined);
        request.setTimeout(idleTimeoutMs, () => end(new ApiError(0, 'Timeout', `${this.server} has gone silent`)));
        request.on('error', (error) => end(this.#connectionError(error)));
        // A peer that has gone without a word is noticed by the system.
        request.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS));
        request.on('response', (response) => {
          this.#heardMs = Date.now();
          if (response.statusCode !== 200) {
            if (response.statusCode === 401) this.#options = undefined;
            void readAll(response).then(
              (body) =>
                end(statusError({ status: response.statusCode ?? 0, body, retryAfterSeconds: 0 }, `GET ${path}`)),
              (error: unknown) => end(this.#connectionError(error)),
            );
            return;
          }
          if (!ended) onOpen?.();
          response.on('data', () => (this.#heardMs = Date.now()));
          readLines(response, (line) => {
            if (!ended) onLine(line);
          });
          response.on('end', () => end());
          response.on('error', (error) => end(this.#connectionError(error)));
          response.on('close', () => end());
        });
        request.end();
      },
      (error: unknown) => end(this.#connectionError(error)),
    );
    return {
      close: () => {
        ended = true;
        request?.destroy();
      },
    };
  }

  /** Closes idle connections. */
  close(): void {
    this.#agent?.destroy();
  }

  async #exchange(
    method: string,
    path: string,
    body: string | undefined,
    { contentType, accept }: Forms,
    limitMs = REQUEST_TIMEOUT_MS,
  ): Promise<RawResponse> {
    try {
      const options = await this.#connectionOptions();
      return await new Promise<RawResponse>((resolve, reject) => {
        const headers: Record<string, string | number> =
          body === undefined
            ? { accept }
            : { accept, 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
        const request = this.#open(method, path, options, headers);
        const giveUp = (): void => void request.destroy(new Error(`no answer within ${limitMs / 1000} s`));
        // A socket's own time-out begins when it is connected, and counts between the parts of a long answer too.
        const limit = setTimeout(giveUp, limitMs);
        request.setTimeout(limitMs, giveUp);
        request.on('close', () => clearTimeout(limit));
        request.on('error', reject);
        request.on('response', (response) => {
          clearTimeout(limit);
          this.#heardMs = Date.now();
          this.#serverTimeMs = Date.parse(response.headers.date ?? '');
          const retryAfterSeconds = Number(response.headers['retry-after'] ?? 0) || 0;
          readAll(response).then(
            (body) => resolve({ status: response.statusCode ?? 0, body, retryAfterSeconds }),
            reject,
          );
        });
        request.end(body);
      });
    } catch (error) {
      throw this.#connectionError(error);
    }
  }

  #open(
    method: string,
    path: string,
    options: RequestOptions,
    headers: Readonly<Record<string, string | number>> | undefined,
  ): ClientRequest {
    if (this.#readOnly && method !== 'GET' && !(method === 'POST' && path === ACCESS_REVIEWS)) {
      throw new ApiError(0, 'Forbidden', `nothing may be changed here: ${method} ${path} was not sent`);
    }
    const { server } = this.#access;
    const send = server.protocol === 'https:' ? httpsRequest : httpRequest;
    return send({
      ...options,
      protocol: server.protocol,
      hostname: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port,
      path: server.pathname.replace(/\/+$/, '') + path,
      method,
      agent: this.#agent,
      headers: { ...options.headers, accept: 'application/json', 'user-agent': this.#userAgent, ...headers },
    });
  }

  async #connectionOptions(): Promise<RequestOptions> {
    const nowMs = Date.now();
    if (this.#options === undefined || nowMs > this.#optionsUntilMs) {
      this.#optionsUntilMs = nowMs + CREDENTIALS_LIFE_MS;
      this.#options = this.#access.requestOptions();
    }
    try {
      const options = await this.#options;
      this.#ensureAgent(options);
      return options;
    } catch (error) {
      this.#options = undefined;
      throw error;
    }
  }

  #ensureAgent(options: RequestOptions): void {
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    const identity = JSON.stringify([ca, cert, key, rejectUnauthorized, servername]);
    if (this.#agent !== undefined && this.#agentFor === identity) return;
    this.#agentFor = identity;
    const usesProxy = typeof options.agent === 'object' && 'proxy' in options.agent;
    if (usesProxy) this.#agent = options.agent as HttpsAgent;
    else {
      const keepAlive = { keepAlive: true, keepAliveMsecs: 30_000 };
      this.#agent =
        this.#access.server.protocol === 'https:'
          ? new HttpsAgent({ ...keepAlive, ca, cert, key, rejectUnauthorized, servername })
          : new HttpAgent(keepAlive);
    }
  }

  #connectionError(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    return new ApiError(0, 'Unknown', explain(this.server, code, message));
  }
}

function explain(server: string, code: string, message: string): string {
  if (UNTRUSTED_CERTIFICATE.has(code)) {
    return `the certificate of ${server} is not trusted; give its authority in the kubeconfig (certificate-authority)`;
  }
  if (code === 'CERT_HAS_EXPIRED') return `the certificate of ${server} has expired`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `the certificate of ${server} is for another host name`;
  if (code === 'ECONNREFUSED') return `${server} cannot be reached: connection refused; is the API server running?`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${server} cannot be reached: its host name is not known`;
  if (code === 'ECONNRESET') return `${server} closed the connection`;
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return `${server} cannot be reached: ${code}`;
  return `${server}: ${message}`;
}

function statusError(response: RawResponse, what: string): ApiError {
  const { status, body, retryAfterSeconds } = response;
  const wait = retryAfterSeconds > 0 ? { retryAfterSeconds } : {};
  try {
    const parsed = JSON.parse(body) as Partial<Status>;
    if (parsed.kind === 'Status') {
      const reason: StatusReason = parsed.reason ?? 'Unknown';
      return new ApiError(parsed.code ?? status, reason, parsed.message ?? `${what}: HTTP ${status}`, {
        ...parsed.details,
        ...wait,
      });
    }
  } catch {
    // Not from an API server, or from its outermost layers: told by its status.
  }
  const reasons: Readonly<Record<number, StatusReason>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound' };
  return new ApiError(status, reasons[status] ?? 'Unknown', `${what}: HTTP ${status}`, wait);
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Splits a stream at line ends; characters and lines may be cut anywhere by chunks. A line lies in memory that is used
 * again: the callback must copy what it keeps.
 */
function readLines(response: IncomingMessage, onLine: (line: Buffer) => void): void {
  let rest: Buffer[] = [];
  response.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, start)) {
      if (rest.length > 0) {
        rest.push(chunk.subarray(start, end));
        onLine(Buffer.concat(rest));
        rest = [];
      } else if (end > start) onLine(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  });
}

const LINE_END = 0x0a;

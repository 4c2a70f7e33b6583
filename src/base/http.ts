import { wholeWords } from './cut-text.ts';
import { PlainError } from './plain-error.ts';

/** An HTTP exchange as plain data, so that a request can be answered by a socket, by a simulation or from a recording. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Proxies and extra certificate authorities for this request. */
  readonly route?: HttpRoute;
  /** Gives the request up when it is aborted: the answer is an error then. */
  readonly signal?: AbortSignal;
}

export interface HttpRoute {
  /** Proxy for http:// URLs, with credentials in it. */
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  /** Hosts reached without a proxy; a leading dot or none matches subdomains too. */
  readonly noProxy?: readonly string[];
  /** PEM certificates trusted in addition to the system's. */
  readonly certificateAuthorities?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The request got no answer: refused, reset, timed out, not resolved, certificate not trusted. */
export class HttpTransportError extends PlainError {
  override readonly name = 'HttpTransportError';
  /** False where another attempt cannot help (an untrusted certificate, a malformed URL). */
  readonly retryable: boolean;
  /** True where the request's own signal ended it: nobody waits for an answer any more. */
  readonly isBrokenOff: boolean;

  constructor(message: string, retryable = true, isBrokenOff = false) {
    super(message);
    this.retryable = retryable;
    this.isBrokenOff = isBrokenOff;
  }
}

/** Sends one request and calls back exactly once. */
export interface HttpTransport {
  send(request: HttpRequest, done: (answer: HttpResponse | HttpTransportError) => void): void;
}

/** Bodies may start with a byte order mark. */
export function bodyText(response: HttpResponse): string {
  return response.body.startsWith('\ufeff') ? response.body.slice(1) : response.body;
}

/** Longer texts of errors are cut: a proxy may answer with a page. */
const MAX_ERROR_TEXT = 300;

/** What a service says about a call that it refused: the `message` and `typeName` of JSON, or the text as it is. */
export function refusalOf(response: HttpResponse): { readonly typeName: string; readonly message: string } {
  const text = bodyText(response);
  if (text.trim() === '') return { typeName: '', message: '' };
  if (!(response.headers['content-type'] ?? '').includes('text/plain')) {
    try {
      const { typeName, message } = JSON.parse(text) as { typeName?: unknown; message?: unknown };
      return {
        typeName: typeof typeName === 'string' ? typeName : '',
        message: typeof message === 'string' ? message : 'no message',
      };
    } catch {
      // Not JSON after all: told as text.
    }
  }
  return { typeName: '', message: wholeWords(text, MAX_ERROR_TEXT) || 'no message' };
}

import { request as httpRequest, Agent as HttpAgent } from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { isLoopback } from '../base/address.ts';
import {
  HttpTransportError,
  type HttpRequest,
  type HttpResponse,
  type HttpRoute,
  type HttpTransport,
} from '../base/http.ts';
import { UNTRUSTED_CERTIFICATE } from '../base/untrusted-certificate.ts';

const CALL_TIMEOUT_MS = 5 * 60_000;

/** Codes of failures that another attempt cannot mend. */
const PERMANENT = new Set([
  ...UNTRUSTED_CERTIFICATE,
  'ABORT_ERR',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_INVALID_URL',
]);

/** Real HTTP to GitHub, a GitHub Enterprise Server or a service in tests; through proxies and with extra authorities. */
export class NodeHttpTransport implements HttpTransport {
  readonly #agents = new Map<string, HttpAgent>();

  send(request: HttpRequest, done: (answer: HttpResponse | HttpTransportError) => void): void {
    this.#exchange(request).then(done, (error: unknown) => done(asTransportError(request.url, error)));
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  /** Rejects for every error, an invalid URL included; it never throws synchronously. */
  async #exchange(request: HttpRequest): Promise<HttpResponse> {
    const url = new URL(request.url);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = send(
        url,
        {
          method: request.method,
          agent: this.#agentFor(url, request.route),
          ...(request.signal === undefined ? {} : { signal: request.signal }),
          headers: { ...request.headers, 'content-length': Buffer.byteLength(request.body ?? '') },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const headers: Record<string, string> = {};
            for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
            resolve({ status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString('utf8') });
          });
        },
      );
      outgoing.setTimeout(CALL_TIMEOUT_MS, () => outgoing.destroy(new Error('no answer within 5 minutes')));
      outgoing.on('error', reject);
      outgoing.end(request.body);
    });
  }

  #agentFor(url: URL, route: HttpRoute | undefined): HttpAgent {
    const proxy = proxyFor(url, route);
    const key = JSON.stringify([url.protocol, proxy ?? '', route?.certificateAuthorities ?? '']);
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      const authorities = route?.certificateAuthorities;
      const tls = authorities === undefined ? {} : { ca: [...rootCertificates, authorities] };
      const options = { keepAlive: true, ...tls };
      if (url.protocol === 'https:') {
        agent = proxy === undefined ? new HttpsAgent(options) : new HttpsProxyAgent(proxy, options);
      } else {
        agent =
          proxy === undefined ? new HttpAgent({ keepAlive: true }) : new HttpProxyAgent(proxy, { keepAlive: true });
      }
      this.#agents.set(key, agent);
    }
    return agent;
  }
}

/** The proxy for a URL by the conventions of http_proxy, https_proxy and no_proxy; loopback is never proxied. */
export function proxyFor(url: URL, route: HttpRoute | undefined): string | undefined {
  const proxy = url.protocol === 'https:' ? route?.httpsProxy : route?.httpProxy;
  if (proxy === undefined || isLoopback(url)) return undefined;
  const host = url.hostname.toLowerCase();
  const excluded = (route?.noProxy ?? []).some((entry) => {
    const pattern = entry.trim().toLowerCase();
    if (pattern === '*') return true;
    const [name = '', port] = pattern.split(':');
    if (port !== undefined && port !== url.port) return false;
    const bare = name.replace(/^\*?\./, '');
    return bare !== '' && (host === bare ? !name.startsWith('.') : host.endsWith(`.${bare}`));
  });
  return excluded ? undefined : proxy;
}

function asTransportError(url: string, error: unknown): HttpTransportError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const host = URL.canParse(url) ? new URL(url).host : 'the service';
  const detail = code === '' ? message : code;
  return new HttpTransportError(`no answer from ${host}: ${detail}`, !PERMANENT.has(code));
}

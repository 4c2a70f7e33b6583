import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Random } from '../../src/base/random.ts';
import { makeCertificate } from '../builders/certificate.ts';

export interface FaultProxyOptions {
  /** The API server behind it. */
  readonly url: string;
  readonly random: Random;
  /** One request in this many fails, and one piece of a watch in as many. */
  readonly oneIn: number;
}

type Fault =
  | 'refused'
  | 'unanswered'
  | 'hung'
  | 'cut'
  | 'hung half way'
  | 'conflict'
  | 'invalid'
  | 'too-many-requests'
  | 'server-error'
  | 'unauthorized'
  | 'expired';

const REQUEST_FAULTS: readonly Fault[] = [
  'refused',
  'unanswered',
  'hung',
  'cut',
  'hung half way',
  'conflict',
  'invalid',
  'too-many-requests',
  'server-error',
  'unauthorized',
  'expired',
];

/**
 * A TLS proxy in front of a real API server that refuses, resets, hangs, cuts answers and watches in the midst of a line,
 * doubles and loses events (a loss is followed by 410, as a server that has lost its history says), and answers with
 * errors of its own.
 */
export class FaultProxy {
  readonly #options: FaultProxyOptions;
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  readonly #server: Server;
  readonly #hung = new Set<Socket>();
  readonly certificate: string;
  readonly faults = new Map<string, number>();
  /** From now on everything passes. */
  #calm = false;

  private constructor(options: FaultProxyOptions, server: Server, certificate: string) {
    this.#options = options;
    this.#server = server;
    this.certificate = certificate;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#handle(request, response));
    for (const event of ['tlsClientError', 'clientError'] as const) server.on(event, () => undefined);
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const { key, cert } = await makeCertificate('fault-proxy');
    const server = createServer({ key, cert });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FaultProxy(options, server, cert);
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  calm(): void {
    this.#calm = true;
    for (const socket of this.#hung) socket.destroy();
    this.#hung.clear();
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    this.#agent.destroy();
  }

  #hits(): boolean {
    return !this.#calm && this.#options.random.below(this.#options.oneIn) === 0;
  }

  #count(fault: string): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    const isWatch = request.url?.includes('watch=true') === true;
    const isWrite = request.method !== 'GET';
    const fault = this.#hits() ? REQUEST_FAULTS[this.#options.random.below(REQUEST_FAULTS.length)] : undefined;
    switch (fault) {
      case 'refused':
        this.#count(fault);
        request.socket.destroy();
        return;
      case 'hung':
        this.#count(fault);
        this.#hung.add(request.socket);
        // The server may have done it all the same.
        if (isWrite && this.#options.random.below(2) === 0)
          this.#forward(request, Buffer.concat(body), () => undefined);
        return;
      case 'unanswered':
        this.#count(fault);
        this.#forward(request, Buffer.concat(body), (answer) => {
          answer.resume();
          request.socket.destroy();
        });
        return;
      case 'conflict':
        if (!isWrite) break;
        this.#refuse(response, fault, 409, 'Conflict');
        return;
      case 'invalid':
        // A pod that is invalid ends its runner; that is played in virtual time.
        if (request.method !== 'PATCH') break;
        this.#refuse(response, fault, 422, 'Invalid');
        return;
      case 'too-many-requests':
        this.#refuse(response, fault, 429, 'TooManyRequests', { 'retry-after': '1' });
        return;
      case 'server-error': {
        const [code, reason] = (
          [
            [500, 'InternalError'],
            [503, 'ServiceUnavailable'],
            [504, 'Timeout'],
          ] as const
        )[this.#options.random.below(3)] ?? [500, 'InternalError'];
        this.#refuse(response, fault, code, reason);
        return;
      }
      case 'unauthorized':
        this.#refuse(response, fault, 401, 'Unauthorized');
        return;
      case 'expired':
        if (isWrite || !(isWatch || request.url?.includes('limit='))) break;
        this.#refuse(response, fault, 410, 'Expired');
        return;
      case 'cut':
      case 'hung half way':
      case undefined:
        break;
    }
    this.#forward(request, Buffer.concat(body), (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (isWatch) this.#watch(answer, response, request.socket);
      else if (fault === 'cut' || fault === 'hung half way') {
        this.#count(fault);
        answer.once('data', (chunk: Buffer) => {
          response.write(chunk.subarray(0, chunk.length >> 1), () => {
            // Nothing hangs any more once it is calm, which it may have become on the way here.
            if (fault === 'cut' || this.#calm) request.socket.destroy();
            else this.#hung.add(request.socket);
          });
          answer.resume();
        });
      } else answer.pipe(response);
    });
    if (isWatch) response.on('close', () => request.socket.destroy());
  }

  /** Passes a watch on line by line, or something else than its lines. */
  #watch(answer: IncomingMessage, response: ServerResponse, socket: Socket): void {
    let rest = '';
    let held = '';
    answer.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (response.destroyed) return;
        if (!this.#hits()) {
          response.write(`${held}${line}\n`);
          held = '';
          continue;
        }
        switch (this.#options.random.below(7)) {
          case 0:
            this.#count('watch cut in a line');
            response.write(line.slice(0, line.length >> 1), () => socket.destroy());
            return;
          case 1:
            this.#count('watch ended');
            response.end();
            answer.destroy();
            return;
          case 2:
            this.#count('event twice');
            response.write(`${held}${line}\n${line}\n`);
            held = '';
            break;
          case 3: {
            this.#count('event lost');
            const object = { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: 'injected' };
            response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
            answer.destroy();
            return;
          }
          case 5:
            // The connection stays, and nothing comes any more.
            this.#count('watch half open');
            this.#hung.add(socket);
            answer.destroy();
            return;
          case 4: {
            // Right after it nothing but a bookmark, and the end.
            this.#count('bookmark and end');
            const version = /"resourceVersion":"(\d+)"/.exec(line)?.[1] ?? '';
            const metadata = { resourceVersion: version };
            const object = { kind: 'Bookmark', apiVersion: 'v1', metadata };
            response.end(`${held}${line}\n${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
            answer.destroy();
            return;
          }
          default:
            this.#count('event late');
            held += `${line}\n`;
            setTimeout(() => {
              if (!response.destroyed && held !== '') response.write(held);
              held = '';
            }, 300);
        }
      }
    });
    answer.on('end', () => response.end());
    answer.on('error', () => socket.destroy());
    response.on('close', () => answer.destroy());
  }

  #refuse(
    response: ServerResponse,
    fault: string,
    code: number,
    reason: string,
    headers: Record<string, string> = {},
  ): void {
    this.#count(fault);
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(
      JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: 'injected' }),
    );
  }

  #forward(request: IncomingMessage, body: Buffer, onAnswer: (answer: IncomingMessage) => void): void {
    const { url } = this.#options;
    const target = new URL(request.url ?? '/', url);
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const forwarded = httpsRequest(target, { method: request.method, headers, agent: this.#agent });
    forwarded.on('response', onAnswer);
    forwarded.on('error', () => request.socket.destroy());
    forwarded.end(body);
  }
}

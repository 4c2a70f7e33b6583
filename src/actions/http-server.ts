import { createServer, type IncomingMessage, type Server } from 'node:http';
import { listenOnLoopback } from '../base/listen.ts';
import type { HttpRequest, HttpResponse } from '../base/http.ts';

export interface ActionsServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves an Actions service on the first of the loopback ports that is free (0 picks one), for controllers in other
 * processes.
 * @param answer what to say to a request; its promise is the latency
 * @throws Error with a sentence when no port can be listened on
 */
export async function serveActions(
  answer: (request: HttpRequest, baseUrl: string) => Promise<HttpResponse>,
  ports: readonly number[] = [0],
): Promise<ActionsServer> {
  let url = '';
  const server: Server = createServer((incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    void readRequest(incoming, gone.signal)
      .then((request) => answer(request, url))
      .then(
        (response) => {
          outgoing.writeHead(response.status, response.headers);
          outgoing.end(response.status === 204 ? undefined : response.body);
        },
        () => {
          outgoing.writeHead(500);
          outgoing.end();
        },
      );
  });
  const port = await listenOnLoopback(server, ports, 'the Actions service');
  url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers[name] = value;
  }
  return {
    method: incoming.method as HttpRequest['method'],
    url: `http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
    signal,
  };
}

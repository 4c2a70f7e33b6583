import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpRequest, HttpResponse } from '../base/http.ts';

export interface ActionsHttpFace {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves an Actions service on a loopback port (0 picks one), for controllers in other processes.
 * @param answer what to say to a request; its promise is the latency
 */
export async function serveActions(
  answer: (request: HttpRequest, baseUrl: string) => Promise<HttpResponse>,
  port = 0,
): Promise<ActionsHttpFace> {
  let url = '';
  const server: Server = createServer((incoming, outgoing) => {
    void readRequest(incoming)
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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
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
  };
}

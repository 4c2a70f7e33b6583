import { createServer } from 'node:https';
import { listenOnLoopback } from '../../../base/listen.ts';
import { makeServingCertificate, type KeyPair } from './certificates.ts';
import { ApiHandler, type ApiHandlerOptions } from './api-handler.ts';

export interface ApiListener {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Cuts every connection in the middle of whatever it carries, as a failing network does. */
  cutConnections(): void;
  close(): Promise<void>;
}

/** Clients keep idle connections for a minute and a half; closing them first would cost them requests. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Serves the API on the first of the loopback ports that is free (0 picks one), over TLS: Kubernetes clients send tokens
 * over TLS only.
 * @param authority signs the server's certificate; what clients must trust
 * @throws Error with a sentence when no port can be listened on
 */
export async function listenForApi(
  options: ApiHandlerOptions,
  ports: readonly number[],
  authority: KeyPair,
): Promise<ApiListener> {
  const { certificate, key } = await makeServingCertificate(authority);
  const handler = new ApiHandler(options);
  const server = createServer(
    { key, cert: certificate, keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true },
    (request, response) => handler.handle(request, response),
  );
  // A client that breaks off mid-handshake is its own affair.
  server.on('tlsClientError', () => undefined);
  server.on('clientError', (_error, socket) => socket.destroy());
  const port = await listenOnLoopback(server, ports, 'the API');
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    cutConnections: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        handler.close();
        server.close(() => resolve());
        server.closeIdleConnections();
        // Answers that are on their way have a moment; watches have ended.
        setTimeout(() => server.closeAllConnections(), 200);
      }),
  };
}

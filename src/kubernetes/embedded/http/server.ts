import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { HttpFace, type HttpFaceOptions } from './http-face.ts';

export interface ApiListener {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** What clients must trust, PEM. */
  readonly certificate: string;
  /** Cuts every connection in the middle of whatever it carries, as a failing network does. */
  cutConnections(): void;
  close(): Promise<void>;
}

/** Clients keep idle connections for a minute and a half; closing them first would cost them requests. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Serves the API on a loopback port (0 picks one), with a certificate made for this one run: Kubernetes clients send
 * tokens over TLS only.
 * @throws Error when the port cannot be listened on
 */
export async function listenForApi(options: HttpFaceOptions, port: number): Promise<ApiListener> {
  const { certificate, key } = await makeCertificate();
  const face = new HttpFace(options);
  const server = createServer(
    { key, cert: certificate, keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true },
    (request, response) => face.handle(request, response),
  );
  // A client that breaks off mid-handshake is its own affair.
  server.on('tlsClientError', () => undefined);
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(`the API cannot be served at 127.0.0.1:${port}: ${error.code ?? error.message}`));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate,
    cutConnections: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        face.close();
        server.close(() => resolve());
        server.closeIdleConnections();
        // Answers that are on their way have a moment; watches have ended.
        setTimeout(() => server.closeAllConnections(), 200);
      }),
  };
}

async function makeCertificate(): Promise<{ certificate: string; key: string }> {
  const made = await generate([{ name: 'commonName', value: 'arc-lab' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { certificate: new X509Certificate(made.cert).toString(), key: made.private };
}

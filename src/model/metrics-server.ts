import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import type { Address } from '../base/address.ts';
import type { Disposable } from '../base/disposable.ts';
import { systemProblem } from '../base/system-problem.ts';
import { ControllerMetrics } from './metrics.ts';

/**
 * Serves a run's metrics at /metrics. It listens before the run begins, so that an address in use stops nothing that has
 * begun; the run that it is given to fills it and disposes of it.
 */
export class MetricsServer implements Disposable {
  /** Of the controllers' process. */
  metrics = new ControllerMetrics();
  /** Of listeners, which have processes of their own. */
  readonly listeners = new Registry();
  readonly address: Address;
  readonly #server: Server;

  private constructor(server: Server, host: string) {
    this.#server = server;
    this.address = { host, port: (server.address() as AddressInfo).port };
    server.on('request', (request, response) => {
      if (request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      void this.text().then((text) => {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
      });
    });
  }

  /**
   * @param address port 0 for any
   * @throws Error with a sentence when the address cannot be listened on
   */
  static async listen({ host, port }: Address): Promise<MetricsServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(new Error(`metrics cannot be served at ${host}:${port}: ${systemProblem(error)}`));
      });
      server.listen(port, host, resolve);
    });
    server.unref();
    return new MetricsServer(server, host);
  }

  /** What it serves. */
  async text(): Promise<string> {
    return (await Promise.all([this.metrics.text(), this.listeners.metrics()])).join('');
  }

  /** Another process counts from 0. */
  processEnded(): void {
    this.metrics = new ControllerMetrics();
  }

  dispose(): void {
    this.#server.close();
  }
}

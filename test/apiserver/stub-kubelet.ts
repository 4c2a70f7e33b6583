import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ApiError } from '../../src/kubernetes/api-error.ts';
import { sendLog } from '../../src/kubernetes/embedded/http/pod-log.ts';
import { ContainerLogs } from '../../src/kubernetes/embedded/pods/container-logs.ts';
import type { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import { makeCertificate } from '../builders/certificate.ts';
import { aPod } from '../builders/objects.ts';

/** What of a kubelet a real API server asks for when somebody reads a log: the containers' logs, over HTTPS. */
export class StubKubelet {
  readonly logs = new ContainerLogs();
  readonly node: string;
  readonly #server: Server;

  private constructor(node: string, server: Server) {
    this.node = node;
    this.#server = server;
  }

  /** Listens, and registers the node through the API. */
  static async start(transport: ApiTransport, node = 'stub-node'): Promise<StubKubelet> {
    const { cert, key } = await makeCertificate('kubelet');
    const kubelet: StubKubelet = new StubKubelet(
      node,
      createServer({ cert, key }, ({ url = '' }, response) => {
        const { pathname, searchParams: query } = new URL(url, 'https://kubelet');
        const [, what, namespace = '', name = '', container = ''] = pathname.split('/');
        if (what !== 'containerLogs') {
          response.writeHead(404).end();
          return;
        }
        query.set('container', container);
        try {
          const pod = aPod({ namespace, name }, { containers: [{ name: container }] });
          sendLog({ query, response }, pod, kubelet.logs, Date.now());
        } catch (error) {
          response.writeHead((error as ApiError).code).end((error as ApiError).message);
        }
      }),
    );
    await new Promise<void>((resolve) => kubelet.#server.listen(0, '127.0.0.1', resolve));
    const { port } = kubelet.#server.address() as AddressInfo;
    await transport.json('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: node } });
    const status = {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    };
    await transport.json('PATCH', `/api/v1/nodes/${node}/status`, { status }, 'application/merge-patch+json');
    return kubelet;
  }

  /** Cuts every connection, as a node that restarts. */
  cutConnections(): void {
    this.#server.closeAllConnections();
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

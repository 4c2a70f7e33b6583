import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * Plays an API server with many pods that all change as fast as the client can read: everything is prepared before it is
 * asked for. A thread of its own, so that it does not share a processor with the client.
 */
const { pods, changes } = workerData as { pods: number; changes: number };
const FILLING = 'x'.repeat(100);
/** Managed fields as kubelets and controllers leave them; with them a pod takes 4 kB. */
const managedFields = Array.from({ length: 5 }, (_, index) => ({
  manager: `manager-${index}`,
  operation: 'Update',
  apiVersion: 'v1',
  time: '2026-01-01T00:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: {
    'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} }, 'f:ownerReferences': { '.': {}, 'k:{"uid":"x"}': {} } },
    'f:spec': {
      'f:containers': { 'k:{"name":"runner"}': { '.': {}, 'f:image': {}, 'f:name': {}, 'f:resources': {} } },
    },
    'f:status': { 'f:conditions': { '.': {}, 'k:{"type":"Ready"}': { 'f:status': {}, 'f:type': {} } } },
  },
}));

function pod(index: number, version: number): object {
  return {
    metadata: {
      name: `runner-${index}`,
      namespace: 'lab',
      uid: `00000000-0000-4000-a000-${String(index).padStart(12, '0')}`,
      resourceVersion: String(version),
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: 'runner', 'actions-ephemeral-runner': 'True' },
      ownerReferences: [
        {
          apiVersion: 'actions.github.com/v1alpha1',
          kind: 'EphemeralRunner',
          name: `runner-${index}`,
          uid: 'x',
          controller: true,
        },
      ],
      managedFields,
    },
    spec: {
      containers: [
        {
          name: 'runner',
          image: 'ghcr.io/actions/actions-runner:latest',
          env: Array.from({ length: 8 }, (_, variable) => ({ name: `VARIABLE_${variable}`, value: FILLING })),
          resources: {},
          terminationMessagePath: '/dev/termination-log',
        },
      ],
      restartPolicy: 'Never',
      nodeName: 'node-1',
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
      containerStatuses: [{ name: 'runner', ready: true, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } }],
    },
  };
}

const items = Array.from({ length: pods }, (_, index) => JSON.stringify(pod(index, index + 1)));
const stream: Buffer[] = [];
for (let first = 0; first < changes; first += 100) {
  const lines = Array.from({ length: 100 }, (_, offset) => {
    const index = (first + offset) % pods;
    const object = { kind: 'Pod', apiVersion: 'v1', ...pod(index, pods + first + offset + 1) };
    return `${JSON.stringify({ type: 'MODIFIED', object })}\n`;
  });
  stream.push(Buffer.from(lines.join('')));
}

const server = createServer((request, response) => {
  const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://x');
  response.writeHead(200, { 'content-type': 'application/json' });
  const isPods = pathname.endsWith('/pods');
  if (query.get('watch') === 'true' || query.get('watch') === '1') {
    response.flushHeaders();
    // What comes back later has seen everything.
    if (!isPods || Number(query.get('resourceVersion')) > pods) return;
    let next = 0;
    const write = (): void => {
      while (next < stream.length && response.write(stream[next++])) continue;
    };
    response.on('drain', write);
    write();
    return;
  }
  const from = Number(query.get('continue') ?? 0);
  const limit = Number(query.get('limit') ?? 0) || pods;
  const page = isPods ? items.slice(from, from + limit) : [];
  const more = isPods && from + limit < pods ? `,"continue":"${from + limit}"` : '';
  response.end(
    `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"${pods}"${more}},"items":[${page.join(',')}]}`,
  );
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));

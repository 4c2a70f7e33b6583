import assert from 'node:assert/strict';
import { WallClock } from '../../src/base/wall-clock.ts';
import type { ListStyle } from '../../src/kubernetes/cluster.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { createRequest, deleteRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { sendRequest } from '../builders/requests.ts';
import { Namespaces, Secrets } from '../../src/kubernetes/resource.ts';
import { Informer } from '../../src/runtime/informer.ts';
import { RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { eventually } from '../builders/eventually.ts';
import { aSecret } from '../builders/objects.ts';
import { skipWithout } from '../builders/skip.ts';

describe('caches on a real kube-apiserver', function () {
  this.timeout(300_000);
  let server: RealApiServer;

  before(async function () {
    skipWithout(this, missingTool());
    server = await RealApiServer.start();
  });

  after(() => server?.stop());

  for (const lists of ['paged', 'streamed'] satisfies ListStyle[]) {
    it(`whose first list is ${lists} hold what is there and what comes then, whether the server streams lists or not`, async () => {
      const transport = await server.transport();
      const clock = new WallClock();
      const cluster = new RemoteCluster(transport, clock, undefined, lists);
      const namespace = `lists-${lists}`;
      const metadata = { name: namespace };
      await sendRequest(cluster, createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
      for (const name of ['changes', 'goes', 'stays']) {
        await sendRequest(cluster, createRequest(Secrets, aSecret({ name, namespace })));
      }
      const errors: string[] = [];
      const first: string[] = [];
      const cache = new Informer(cluster, Secrets, { namespace, onError: ({ message }) => errors.push(message) });
      cache.listen((_event, key, _object, _before, isFirst) => isFirst && first.push(key));
      const held = (): string[] => [...cache.entries()].map(([key]) => key.slice(namespace.length + 1)).sort();
      try {
        await eventually(() => assert.ok(cache.synced));
        assert.deepEqual(held(), ['changes', 'goes', 'stays']);
        assert.equal(first.length, 3, 'what was there is reported as the first list');
        await sendRequest(cluster, createRequest(Secrets, aSecret({ name: 'comes', namespace })));
        await sendRequest(cluster, deleteRequest(Secrets, namespace, 'goes'));
        const labels = { changed: 'yes' };
        await sendRequest(cluster, patchRequest(Secrets, namespace, 'changes', { metadata: { labels } }));
        await eventually(() => {
          assert.deepEqual(held(), ['changes', 'comes', 'stays']);
          assert.deepEqual(cache.get(`${namespace}/changes`)?.metadata.labels, labels);
        });
        assert.equal(first.length, 3, 'what comes then is not');
        assert.deepEqual(errors, [], 'a server that does not stream lists is no error');
      } finally {
        cache.dispose();
        clock.close();
        transport.close();
      }
    });
  }
});

import { CoreV1Api, KubeConfig, makeInformer, type V1Pod } from '@kubernetes/client-node';

/** Keeps a cache of pods with client-node's informer; says "synced", and "done" after that many changes. */
const [file = '', count = '0'] = process.argv.slice(2);
let left = Number(count);
const config = new KubeConfig();
config.loadFromFile(file);
const client = config.makeApiClient(CoreV1Api);
const informer = makeInformer<V1Pod>(config, '/api/v1/namespaces/lab/pods', () =>
  client.listNamespacedPod({ namespace: 'lab' }),
);
informer.on('update', ({ status }) => {
  if (status?.phase !== undefined && --left === 0) process.stdout.write('done\n');
});
await informer.start();
process.stdout.write('synced\n');

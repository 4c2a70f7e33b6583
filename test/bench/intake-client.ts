import { CoreV1Api, KubeConfig, makeInformer, type V1Pod } from '@kubernetes/client-node';
import { WallClock } from '../../src/base/wall-clock.ts';
import { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { Pods } from '../../src/kubernetes/resource.ts';
import { Informer } from '../../src/runtime/informer.ts';

/** A process that keeps a cache of pods, by our list and watch or by client-node's; says "synced" and then "done". */
const [which = '', url = '', count = '0'] = process.argv.slice(2);
let left = Number(count);
const changed = (): void => {
  if (--left === 0) process.stdout.write('done\n');
};

if (which === 'ours') {
  const transport = new ApiTransport({
    contextName: 'bench',
    userName: 'bench',
    namespace: 'lab',
    server: new URL(url),
    requestOptions: async () => ({}),
  });
  const options = { namespace: 'lab', resyncUs: 3.6e9 };
  const informer = new Informer(new WallClock(), new RemoteCluster(transport), Pods, options);
  informer.listen((event, _key, { status }) => {
    // What a session of the lab reads of every change.
    if (event === 'updated' && status?.phase !== undefined) changed();
  });
  informer.whenSynced(() => process.stdout.write('synced\n'));
} else {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'bench', server: url, skipTLSVerify: true }, { name: 'nobody' });
  const client = config.makeApiClient(CoreV1Api);
  const informer = makeInformer<V1Pod>(config, '/api/v1/namespaces/lab/pods', () =>
    client.listNamespacedPod({ namespace: 'lab' }),
  );
  informer.on('update', changed);
  await informer.start();
  process.stdout.write('synced\n');
}

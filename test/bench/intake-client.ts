import { SecretRegistry } from '../../src/base/redact.ts';
import { WallClock } from '../../src/base/wall-clock.ts';
import { openKubeconfig } from '../../src/kubernetes/remote/kubeconfig.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import { Pods } from '../../src/kubernetes/resource.ts';
import { Informer } from '../../src/runtime/informer.ts';

/** Keeps a cache of pods as a session of the lab does; says "synced", and "done" after that many changes. */
const [file = '', count = '0'] = process.argv.slice(2);
let left = Number(count);
const transport = new ApiTransport(await openKubeconfig({ file, secrets: new SecretRegistry() }), { readOnly: true });
const clock = new WallClock();
const informer = new Informer(new RemoteCluster(transport, clock), Pods, { namespace: 'lab' });
informer.listen((event, _key, { status }) => {
  // What a session of the lab reads of every change.
  if (event === 'updated' && status?.phase !== undefined && --left === 0) process.stdout.write('done\n');
});
informer.whenSynced(() => process.stdout.write('synced\n'));

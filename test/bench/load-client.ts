import { createInterface } from 'node:readline';
import { SecretRegistry } from '../../src/base/redact.ts';
import { WallClock } from '../../src/base/wall-clock.ts';
import { openKubeconfig } from '../../src/kubernetes/remote/kubeconfig.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import { EphemeralRunners, Pods, Secrets, type Resource } from '../../src/kubernetes/resource.ts';
import { Informer } from '../../src/runtime/informer.ts';

/** A process that keeps the lab's caches of a cluster: says "synced", and prints them when it is sent a line. */
const [file = ''] = process.argv.slice(2);
const transport = new ApiTransport(await openKubeconfig({ file, secrets: new SecretRegistry() }), { readOnly: true });
const clock = new WallClock();
const cluster = new RemoteCluster(transport, clock);
const kinds: readonly Resource[] = [Pods, Secrets, EphemeralRunners];
const informers = kinds.map((kind) => new Informer(cluster, kind, { namespace: '' }));
await Promise.all(informers.map((informer) => new Promise<void>((resolve) => informer.whenSynced(resolve))));
process.stdout.write('synced\n');
for await (const _line of createInterface({ input: process.stdin })) {
  const dump: Record<string, Record<string, string>> = {};
  for (const [index, informer] of informers.entries()) {
    const versions: Record<string, string> = {};
    for (const [key, { metadata }] of informer.entries()) versions[key] = metadata.resourceVersion ?? '';
    dump[(kinds[index] as Resource).plural] = versions;
  }
  process.stdout.write(`${JSON.stringify(dump)}\n`);
}

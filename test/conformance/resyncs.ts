import type { Clock } from '../../src/base/clock.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';

/** How a resync delivers an object: as it was, as upstream's informers do, or as if it had changed. */
export type Resync = 'as-it-was' | 'changed';

/** A cluster whose watches repeat every object that they know once a period, as the resync of an informer does. */
export function withResyncs(cluster: Cluster, clock: Clock, periodUs: number, resync: Resync): Cluster {
  return {
    send: (request, done) => cluster.send(request, done),
    watch: <T extends ApiObject>(...[resource, namespace, handler]: Parameters<typeof cluster.watch<T>>) => {
      const known = new Map<string, T>();
      const put = (key: string, object: T): void => void known.set(key, object);
      const watch = cluster.watch<T>(resource, namespace, {
        ...handler,
        onList: (items) => {
          known.clear();
          items.forEach((object, key) => put(key, object));
          handler.onList(items);
        },
        onAdded: (key, object) => {
          put(key, object);
          handler.onAdded(key, object);
        },
        onModified: (key, object) => {
          put(key, object);
          handler.onModified(key, object);
        },
        onDeleted: (key, lastState) => {
          known.delete(key);
          handler.onDeleted(key, lastState);
        },
      });
      const resyncs = clock.every(periodUs, () => {
        for (const [key, object] of known) handler.onModified(key, resync === 'changed' ? asChanged(object) : object);
      });
      return {
        dispose: () => {
          resyncs.dispose();
          watch.dispose();
        },
      };
    },
  };
}

function asChanged<T extends ApiObject>(object: T): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion: `${object.metadata.resourceVersion}-again` } };
}

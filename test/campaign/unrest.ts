import type { ObjectStore } from '../../src/kubernetes/embedded/store.ts';
import type { Controllers } from '../../src/runtime/controllers.ts';

/** What is not as it should be when all is quiet: caches that differ from the store, workers and keys with work left. */
export function unrest({ caches, all }: Controllers, store: ObjectStore): string[] {
  const violations: string[] = [];
  for (const resource of caches.kinds) {
    const held = [...caches.of(resource).entries()]
      .map(([key, { metadata }]) => `${key} ${metadata.resourceVersion}`)
      .sort();
    const stored = [...store.of(resource).entries()]
      .map(({ key, object }) => `${key} ${object.metadata.resourceVersion}`)
      .sort();
    if (held.join() !== stored.join()) {
      violations.push(
        `when all is quiet the cache of ${resource.plural} is [${held.join()}], the store [${stored.join()}]`,
      );
    }
  }
  for (const { name, queue, activeWorkers } of all) {
    if (activeWorkers > 0) violations.push(`when all is quiet ${activeWorkers} workers of ${name} are still busy`);
    if (queue.length > 0) violations.push(`when all is quiet ${queue.length} keys of ${name} wait for a worker`);
  }
  return violations;
}

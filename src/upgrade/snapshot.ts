import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';

/** The objects of a cluster that a check looks at, as they were at one time. */
export class Snapshot {
  /** Where they are from, as a sentence says it: `the context prod`, `2 files`. */
  readonly source: string;
  /** How kubectl reaches the cluster: `--context prod`; '' where files were read. */
  readonly access: string;
  /** Kinds that are not here, or not all of them, each with the end of a sentence that says why. */
  readonly unread: ReadonlyMap<Resource, string>;
  /** The only namespace whose runners and scale sets were read; '' where all were. */
  readonly namespace: string;
  readonly #objects: ReadonlyMap<Resource, readonly ApiObject[]>;

  constructor(
    source: string,
    access: string,
    objects: ReadonlyMap<Resource, readonly ApiObject[]>,
    unread: ReadonlyMap<Resource, string>,
    namespace = '',
  ) {
    this.source = source;
    this.access = access;
    this.unread = unread;
    this.namespace = namespace;
    this.#objects = objects;
  }

  /** Those of a kind; none where it could not be read. */
  of<T extends ApiObject>(resource: Resource<T>): readonly T[] {
    return (this.#objects.get(resource) ?? []) as readonly T[];
  }
}

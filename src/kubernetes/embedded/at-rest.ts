import { Pods, Secrets, type Resource } from '../resource.ts';
import type { ApiObject, ObjectMeta, Pod, Secret } from '../types.ts';
import { Alike, isKeptAlike } from './alike.ts';
import { Recent } from './recent.ts';

type Changing<T> = { -readonly [field in keyof T]: T[field] };

/**
 * The parts of stored objects in little memory: what many have in common is there once, and what hardly ever changes,
 * the metadata of secrets, the spec of a pod that has its node, and the status of one that has ended, is kept with others
 * that are alike. Most objects of a large run are such.
 */
export class AtRest {
  readonly #labels = new Recent();
  readonly #annotations = new Recent();
  readonly #finalizers = new Recent();
  readonly #secrets = new Alike();
  readonly #specs = new Alike();
  readonly #statuses = new Alike();

  /** @param object with its version; its own parts are replaced */
  keep(resource: Resource, object: ApiObject): void {
    this.#share(object.metadata);
    if (resource === Pods) this.#keepPod(object as Changing<Pod>);
    else if (resource === Secrets) this.#keepSecret(object);
  }

  #share(metadata: Changing<ObjectMeta>): void {
    const { labels, annotations, finalizers } = metadata;
    if (labels !== undefined) metadata.labels = this.#labels.one(labels);
    if (annotations !== undefined) metadata.annotations = this.#annotations.one(annotations);
    if (finalizers !== undefined) metadata.finalizers = this.#finalizers.one(finalizers);
  }

  #keepPod(pod: Changing<Pod>): void {
    const { spec, status } = pod;
    if (spec.nodeName !== undefined && !isKeptAlike(spec)) pod.spec = this.#specs.kept(spec);
    if (status?.phase !== 'Succeeded' && status?.phase !== 'Failed') return;
    if (!isKeptAlike(status)) pod.status = this.#statuses.kept(status);
  }

  #keepSecret(secret: Changing<Secret>): void {
    secret.metadata = this.#secrets.kept(secret.metadata);
  }
}

import { keyOf, type ApiObject } from '../kubernetes/types.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import { objectKey } from './recording.ts';

/**
 * What passes have written and the caches do not show yet: a look at such an object is stale. Of what others write nothing is
 * known before the caches show it.
 */
export class UnseenWrites {
  /** Resource versions by `kind namespace/name`. */
  readonly #versions = new Map<string, string>();
  readonly #cached: (object: string) => ApiObject | undefined;

  /** @param cached what the caches have of an object now */
  constructor(cached: (object: string) => ApiObject | undefined) {
    this.#cached = cached;
  }

  /** @param now undefined where it is gone */
  cacheHas(object: string, now: ApiObject | undefined): void {
    const written = this.#versions.get(object);
    if (written === undefined) return;
    if (now === undefined || isAsNewAs(now, written)) this.#versions.delete(object);
  }

  /** Hears of an answer. @returns whether the pass was shown a copy that is older than what a pass has written */
  answered(effect: ReconcileEffect, value: unknown): boolean {
    if (effect.kind === 'cached-get') return this.#versions.has(objectKey(effect.resource.kind, effect.key));
    if (effect.kind !== 'kubernetes') return false;
    const { verb, resource } = effect.request;
    const { metadata } = (value ?? {}) as Partial<ApiObject>;
    const isWritten = verb === 'create' || verb === 'patch' || verb === 'update';
    if (isWritten && metadata?.resourceVersion !== undefined) {
      const object = objectKey(resource.kind, keyOf(metadata));
      // The watch may be faster than the answer.
      if (!isAsNewAs(this.#cached(object), metadata.resourceVersion)) {
        this.#versions.set(object, metadata.resourceVersion);
      }
    }
    return false;
  }
}

function isAsNewAs(object: ApiObject | undefined, version: string): boolean {
  return object !== undefined && Number(object.metadata.resourceVersion) >= Number(version);
}

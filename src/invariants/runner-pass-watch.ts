import { operationOf } from '../actions/operations.ts';
import type { HttpResponse } from '../base/http.ts';
import type { ApiRequest } from '../kubernetes/cluster.ts';
import { EphemeralRunners, Pods, Secrets, type Resource } from '../kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner } from '../kubernetes/types.ts';
import { REGISTRATION_FINALIZER, RUNNER_FINALIZER } from '../reconciler/names.ts';
import type { Release } from '../reconciler/releases/release.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import type { PassWatch } from './pass-watch.ts';

/** Looks at one pass of a runner. */
export class RunnerPassWatch implements PassWatch {
  /** Of the copy of the runner that it works with, as it was last read or written. */
  version = '';
  finalizers: readonly string[] = [];
  id = 0;
  hasSucceeded = false;
  readonly #key: string;
  readonly #waits: boolean;
  #hasPod = false;
  #hasSecret = false;
  /** Ids that the service said to know by the runner's name. */
  readonly #named = new Set<number>();
  /** Ids whose removal the service has confirmed. */
  readonly #removed = new Set<number>();

  /**
   * @param key of its runner
   * @param release from pull request 3941 on passes need not wait for what they delete
   */
  constructor(key: string, { switches }: Pick<Release, 'switches'>) {
    this.#key = key;
    this.#waits = !switches.has(3941);
  }

  asks(effect: ReconcileEffect): readonly string[] {
    if (effect.kind === 'kubernetes') return this.#finalizersBroken(effect.request);
    if (effect.kind !== 'http' || effect.operation !== 'delete-runner') return [];
    const id = Number(operationOf(effect.request.method, effect.request.url)?.argument);
    if (id === this.id || this.#named.has(id)) return [];
    return [`a pass removes registration ${id} of ${this.#key} and knows it as ${this.id}`];
  }

  answered(effect: ReconcileEffect, answer: unknown): void {
    if (effect.kind === 'cached-get') {
      if (effect.resource === (Pods as Resource)) this.#hasPod = this.#isLeft(answer);
      else if (answer !== undefined) this.#saw(answer as EphemeralRunner);
    } else if (effect.kind === 'kubernetes') {
      const { verb, resource } = effect.request;
      if (resource === (Secrets as Resource) && verb === 'get') this.#hasSecret = this.#isLeft(answer);
      if (verb === 'delete' && !this.#waits) {
        if (resource === (Pods as Resource)) this.#hasPod = false;
        if (resource === (Secrets as Resource)) this.#hasSecret = false;
      }
      if (resource === (EphemeralRunners as Resource) && verb !== 'delete' && answer !== undefined) {
        this.#saw(answer as EphemeralRunner);
      }
    } else if (effect.kind === 'http') {
      const { status, body } = answer as HttpResponse;
      if (effect.operation === 'delete-runner' && status === 204) {
        this.#removed.add(Number(operationOf(effect.request.method, effect.request.url)?.argument));
      }
      if (effect.operation === 'get-runner-by-name' && status === 200) {
        for (const [, id] of body.matchAll(/"id":(\d+)/g)) this.#named.add(Number(id));
      }
    }
  }

  /** Whether a request takes a finalizer away that the pass has seen. */
  drops({ verb, resource, body }: ApiRequest, finalizer: string): boolean {
    const kept = verb === 'patch' && resource === (EphemeralRunners as Resource) ? finalizersIn(body) : undefined;
    return kept !== undefined && this.finalizers.includes(finalizer) && !kept.includes(finalizer);
  }

  #finalizersBroken(request: ApiRequest): readonly string[] {
    const dropsRegistration = this.drops(request, REGISTRATION_FINALIZER);
    const broken: string[] = [];
    if (dropsRegistration && !this.hasSucceeded && !this.#removed.has(this.id)) {
      broken.push(`a pass drops the registration finalizer of ${this.#key} without having removed ${this.id}`);
    }
    if (!this.drops(request, RUNNER_FINALIZER)) return broken;
    if (this.#hasPod) broken.push(`a pass drops the finalizer of ${this.#key} while it sees its pod`);
    if (this.#hasSecret) broken.push(`a pass drops the finalizer of ${this.#key} while it sees its secret`);
    if (dropsRegistration || finalizersIn(request.body)?.includes(REGISTRATION_FINALIZER) === true) {
      broken.push(`a pass drops the finalizer of ${this.#key} before that of the registration`);
    }
    return broken;
  }

  /** Whether there is something that keeps the runner's finalizer. */
  #isLeft(seen: unknown): boolean {
    if (seen === undefined) return false;
    return this.#waits || (seen as ApiObject).metadata.deletionTimestamp === undefined;
  }

  #saw({ metadata, status }: EphemeralRunner): void {
    this.version = metadata.resourceVersion ?? '';
    this.finalizers = metadata.finalizers ?? [];
    this.id = status?.runnerId ?? 0;
    this.hasSucceeded = status?.phase === 'Succeeded';
  }
}

/** The finalizers that a patch leaves; undefined where it does not touch them. */
export function finalizersIn(body: unknown): readonly string[] | undefined {
  const { metadata } = body as { metadata?: { finalizers?: readonly string[] | null } };
  return metadata?.finalizers === undefined ? undefined : (metadata.finalizers ?? []);
}

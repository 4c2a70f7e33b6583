import type { ObjectStore } from '../../../src/kubernetes/embedded/store.ts';
import type { ApiRequest } from '../../../src/kubernetes/cluster.ts';
import { ChainPassWatch, dropsFinalizers, placesOf, specHashOf } from '../../../src/invariants/chain-pass-watch.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  type Resource,
} from '../../../src/kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner, EphemeralRunnerSet } from '../../../src/kubernetes/types.ts';
import { SCALE_SET_ID_ANNOTATION } from '../../../src/reconciler/autoscaling-runner-set/names.ts';
import type { Release } from '../../../src/reconciler/releases/release.ts';
import type { ReconcileEffect } from '../../../src/runtime/effects.ts';
import type { PassObserver } from '../../../src/runtime/observer.ts';
import type { Reply } from '../../../src/runtime/pass.ts';
import type { PassRecord } from '../../../src/runtime/pass-record.ts';
import type { ChainFlaw } from './flaws.ts';

/** Looks on at the controllers of a scale set, of its listener and of its runners' set, and notes what must never be. */
export class ChainWitness {
  readonly violations: string[] = [];
  readonly flaws = new Map<ChainFlaw, number>();
  /** Ids in the annotation of an AutoscalingRunnerSet as the pass saw it that let it go. */
  readonly notedScaleSets = new Set<number>();
  /** Passes so far. */
  passes = 0;
  readonly #store: ObjectStore;
  readonly #release: Release;
  readonly #watches = new WeakMap<PassRecord, ChainPassWatch>();

  constructor(store: ObjectStore, release: Release) {
    this.#store = store;
    this.#release = release;
    store.listen((resource, type, object) => {
      if (type !== 'added' || resource !== (AutoscalingListeners as Resource)) return;
      const count = [...store.of(AutoscalingListeners).entries()].length;
      if (count > 1) this.violations.push(`${object.metadata.name} is made, and there are ${count} listeners`);
    });
  }

  /** One for each process: within one, a key is never with two workers of a controller. */
  observer(): PassObserver {
    const active = new Set<string>();
    return {
      passStarted: (pass) => {
        this.passes++;
        const key = `${pass.controller} ${pass.key}`;
        if (active.has(key)) this.violations.push(`two passes at once for ${key}`);
        active.add(key);
        this.#watches.set(pass, new ChainPassWatch(pass.controller, pass.key, this.#release));
      },
      passEnded: ({ controller, key }) => void active.delete(`${controller} ${key}`),
    };
  }

  /** The reply, with a look at what the pass asks for and gets to see. */
  watch(effect: ReconcileEffect, pass: PassRecord, reply: Reply): Reply {
    const watch = this.#watches.get(pass);
    if (watch === undefined) return reply;
    this.violations.push(...watch.asks(effect));
    if (effect.kind === 'kubernetes') this.#looksBehind(pass, watch, effect.request);
    return {
      resume: (answer) => {
        watch.answered(effect, answer);
        reply.resume(answer);
      },
      fail: (error) => reply.fail(error),
    };
  }

  /** Counts what upstream gets wrong. */
  flaw(flaw: ChainFlaw): void {
    this.flaws.set(flaw, (this.flaws.get(flaw) ?? 0) + 1);
  }

  /** What a pass does that is right by what it has seen, and wrong by what there is. */
  #looksBehind({ controller }: PassRecord, watch: ChainPassWatch, request: ApiRequest): void {
    const { verb, resource, body } = request;
    const isCreation = verb === 'create';
    if (isCreation && resource === (EphemeralRunners as Resource) && controller === 'ephemeralrunnerset') {
      const set = watch.seen(EphemeralRunnerSets) as EphemeralRunnerSet;
      const isFull = placesOf(this.#runnersOf(set), this.#release) >= (set.spec.replicas ?? 0);
      if (isFull) this.flaw('too-many-runners-from-a-stale-list');
    }
    if (isCreation && resource === (EphemeralRunnerSets as Resource)) {
      const there = [...this.#store.of(EphemeralRunnerSets).entries()].map(({ object }) => object);
      if (there.some((one) => specHashOf(one) === specHashOf(body as ApiObject)))
        this.flaw('two-sets-from-a-stale-list');
    }
    if (verb === 'patch' && resource === (AutoscalingRunnerSets as Resource) && dropsFinalizers(request)) {
      const id = watch.seen(AutoscalingRunnerSets)?.metadata.annotations?.[SCALE_SET_ID_ANNOTATION];
      if (id !== undefined) this.notedScaleSets.add(Number(id));
    }
  }

  #runnersOf({ metadata }: EphemeralRunnerSet): EphemeralRunner[] {
    return [...this.#store.of(EphemeralRunners).entries()]
      .map(({ object }) => object as EphemeralRunner)
      .filter((runner) => runner.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
  }
}

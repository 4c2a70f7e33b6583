import type { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import { finalizersIn, RunnerPassWatch } from '../../src/invariants/runner-pass-watch.ts';
import { EphemeralRunners, Pods, Secrets, type Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner, ObjectMeta } from '../../src/kubernetes/types.ts';
import { EPHEMERAL_RUNNER } from '../../src/reconciler/controller.ts';
import { REGISTRATION_FINALIZER } from '../../src/reconciler/names.ts';
import type { Release } from '../../src/reconciler/releases/release.ts';
import type { ReconcileEffect } from '../../src/runtime/effects.ts';
import type { Controllers } from '../../src/runtime/controllers.ts';
import type { Informer } from '../../src/runtime/informer.ts';
import type { PassObserver } from '../../src/runtime/observer.ts';
import type { Reply } from '../../src/runtime/pass.ts';
import type { PassRecord } from '../../src/runtime/pass-record.ts';

/**
 * What upstream itself gets wrong, in old and new alike. It is reproduced, reported and counted, not fixed.
 *
 * - `registration-without-id`: the service made a registration whose id never reached the runner's status (the process
 *   was killed, or an answer or the status patch was lost) before the runner was deleted; it is removed with id 0.
 * - `removed-by-stale-id`: the id was in the status, but the pass that removed the registration saw the runner as it had
 *   been before (recorded of the real controllers: delete-during-jit).
 * - `finalizer-lost-to-stale-cache`: finalizers are patched as a whole list and without a resource version, so that a
 *   pass over a stale copy of the runner writes a list that lacks what was added meanwhile.
 * - `registered-again-when-done`: a pass over a copy from before the job registered the runner again; a runner that has
 *   succeeded is deleted without asking the service.
 * - `status-from-stale-cache`: a pass over a stale copy wrote its differences to that copy over a newer status.
 * - `evicted-before-start`: a pod that was evicted before its container had a status is waited for, for ever.
 * - `pod-behind-stale-cache`: the runner went while the cache did not show its pod yet; the garbage collector has it.
 * - `made-for-a-gone-runner`: a pass over a stale copy made a pod or secret for a runner that no longer exists; the
 *   garbage collector has it.
 */
export const UPSTREAM_FLAWS = [
  'registration-without-id',
  'registered-before-its-finalizer',
  'removed-by-stale-id',
  'finalizer-lost-to-stale-cache',
  'registered-again-when-done',
  'status-from-stale-cache',
  'evicted-before-start',
  'pod-behind-stale-cache',
  'made-for-a-gone-runner',
] as const;
export type UpstreamFlaw = (typeof UPSTREAM_FLAWS)[number];

interface Life {
  readonly uids: Set<string>;
  /** Ids that its status has had. */
  readonly ids: Set<number>;
  /** The id that was known when its registration's finalizer was dropped. */
  droppedWith: number | undefined;
  /** Whether it was dropped for a runner that had succeeded, without asking the service. */
  droppedAsDone: boolean;
  /** Whether the pass that last wrote its finalizers knew of that of the registration. */
  writerKnewIt: boolean;
  lostFinalizer: boolean;
  /** Whether it ever had the finalizer of the registration. */
  hadFinalizer: boolean;
  /** Version of the copy that the last status patch was made from. */
  statusFrom: string;
  staleStatus: boolean;
  gone: boolean;
}

/** What there is on the cluster, as it is seen without the controller's help. */
export interface Watched {
  listen(
    listener: (resource: Resource, type: string, object: ApiObject, previous: ApiObject | undefined) => void,
  ): void;
  find(resource: Resource, namespace: string, name: string): ApiObject | undefined;
}

/** Looks on from outside: at the store, the service and the passes, and notes what must never be. */
export class Witness {
  readonly violations: string[] = [];
  readonly flaws = new Map<UpstreamFlaw, number>();
  /** Pods that upstream's flaws leave for the garbage collector. */
  readonly orphans = new Set<string>();
  /** Answers that observers, and with them the trace, have heard, by status. */
  readonly told = new Map<number, number>();
  readonly #lives = new Map<string, Life>();
  readonly #pods = new Map<string, Set<string>>();
  readonly #views = new WeakMap<PassRecord, RunnerPassWatch>();
  readonly #release: Release;
  readonly #service: EmbeddedActionsService;
  readonly #watched: Watched;

  /** @param release whose passes are looked at */
  constructor(watched: Watched, service: EmbeddedActionsService, release: Release) {
    this.#release = release;
    this.#watched = watched;
    this.#service = service;
    watched.listen((resource, type, object, previous) => {
      if (resource === (EphemeralRunners as Resource)) this.#runnerChanged(type, object as EphemeralRunner, previous);
      else if (resource === (Pods as Resource)) this.#podChanged(type, object.metadata);
      else if (resource === (Secrets as Resource) && type === 'added') this.#checkOwner(object.metadata);
    });
  }

  /** Looks on at one process. */
  observe({ observers, caches }: Controllers): void {
    observers.add(this.#observer());
    observers.add(this.#viewOf(caches.of(EphemeralRunners)));
  }

  /** One for each process: within one, a key is never with two workers. */
  #observer(): PassObserver {
    const active = new Set<string>();
    return {
      passStarted: (pass) => {
        if (pass.controller !== EPHEMERAL_RUNNER) return;
        if (active.has(pass.key)) this.violations.push(`two passes at once for ${pass.key}`);
        active.add(pass.key);
        this.#views.set(pass, new RunnerPassWatch(pass.key, this.#release));
      },
      passEnded: ({ controller, key }) => {
        if (controller === EPHEMERAL_RUNNER) active.delete(key);
      },
      requestEnded: (_pass, { status }) => {
        this.told.set(status, (this.told.get(status) ?? 0) + 1);
      },
    };
  }

  /** Shows what a controller's cache holds, as the table of runners does: what a pass begins with it has heard of. */
  #viewOf(cache: Informer<EphemeralRunner>): PassObserver {
    const shown = new Map<string, EphemeralRunner>();
    cache.listen((event, key, object) => void (event === 'deleted' ? shown.delete(key) : shown.set(key, object)));
    return {
      passStarted: ({ controller, key }) => {
        if (controller !== EPHEMERAL_RUNNER) return;
        if (shown.get(key) === cache.get(key)) return;
        this.violations.push(`a pass of ${key} begins before those that show its runner have heard of the change`);
      },
    };
  }

  /** The reply, with a look at what the pass asks for and gets to see. */
  watch(effect: ReconcileEffect, pass: PassRecord, reply: Reply): Reply {
    if (pass.controller !== EPHEMERAL_RUNNER) return reply;
    if (effect.kind !== 'cached-get' && effect.kind !== 'kubernetes' && effect.kind !== 'http') return reply;
    this.#asked(pass, effect);
    return {
      resume: (answer) => {
        this.#views.get(pass)?.answered(effect, answer);
        reply.resume(answer);
      },
      fail: (error) => reply.fail(error),
    };
  }

  /** A pass is about to do something; is it right, by what it has seen? */
  #asked(pass: PassRecord, effect: ReconcileEffect): void {
    const view = this.#views.get(pass) as RunnerPassWatch;
    this.violations.push(...view.asks(effect));
    if (effect.kind !== 'kubernetes') return;
    const { request } = effect;
    const life = this.#life(nameOf(pass.key));
    if (request.subresource === 'status') life.statusFrom = view.version;
    const isOfFinalizers = request.verb === 'patch' && request.resource === (EphemeralRunners as Resource);
    if (!isOfFinalizers || finalizersIn(request.body) === undefined) return;
    life.writerKnewIt = view.finalizers.includes(REGISTRATION_FINALIZER);
    if (!view.drops(request, REGISTRATION_FINALIZER)) return;
    life.droppedWith = view.id;
    life.droppedAsDone = view.hasSucceeded;
  }

  /** Whether its status may be anything, because a pass over a stale copy wrote to it. */
  hasStaleStatus(name: string): boolean {
    return this.#life(name).staleStatus;
  }

  /** Registrations of runners that are gone: each upstream's own loss, or a violation. */
  checkRegistrations(): void {
    for (const [name, { id }] of this.#service.runners) {
      const { gone, ids, droppedWith, droppedAsDone, lostFinalizer, hadFinalizer } = this.#life(name);
      if (!gone) continue;
      if (!ids.has(id)) this.flaw('registration-without-id');
      else if (lostFinalizer) continue;
      else if (!hadFinalizer) this.flaw('registered-before-its-finalizer');
      else if (droppedAsDone) this.flaw('registered-again-when-done');
      else if (droppedWith !== undefined && droppedWith !== id) this.flaw('removed-by-stale-id');
      else this.violations.push(`the registration ${id} of ${name} is left, though its runner was known by it`);
    }
  }

  /** Counts what upstream gets wrong. */
  flaw(flaw: UpstreamFlaw): void {
    this.flaws.set(flaw, (this.flaws.get(flaw) ?? 0) + 1);
  }

  #life(name: string): Life {
    let life = this.#lives.get(name);
    if (life === undefined) {
      life = {
        uids: new Set(),
        ids: new Set(),
        droppedWith: undefined,
        droppedAsDone: false,
        writerKnewIt: true,
        lostFinalizer: false,
        hadFinalizer: false,
        statusFrom: '',
        staleStatus: false,
        gone: false,
      };
      this.#lives.set(name, life);
    }
    return life;
  }

  #runnerChanged(type: string, runner: EphemeralRunner, previous: ApiObject | undefined): void {
    const { name, namespace = '', uid = '', finalizers = [] } = runner.metadata;
    const life = this.#life(name);
    life.uids.add(uid);
    const id = runner.status?.runnerId ?? 0;
    if (id !== 0) life.ids.add(id);
    life.hadFinalizer ||= finalizers.includes(REGISTRATION_FINALIZER);
    const before = previous?.metadata.finalizers ?? [];
    if (
      type === 'modified' &&
      before.includes(REGISTRATION_FINALIZER) &&
      !finalizers.includes(REGISTRATION_FINALIZER)
    ) {
      if (!life.writerKnewIt) {
        life.lostFinalizer = true;
        this.flaw('finalizer-lost-to-stale-cache');
      }
    }
    if (type === 'modified' && statusText(runner) !== statusText(previous as EphemeralRunner) && !life.staleStatus) {
      life.staleStatus = previous?.metadata.resourceVersion !== life.statusFrom;
      if (life.staleStatus) this.flaw('status-from-stale-cache');
    }
    if (type !== 'deleted') return;
    life.gone = true;
    // Its own pod, and what its job's container hooks made after the last look.
    for (const left of [name, `${name}-hook`]) {
      const isLeft = [Pods, Secrets].some(
        (resource: Resource) => this.#watched.find(resource, namespace, left) !== undefined,
      );
      if (!isLeft) continue;
      this.orphans.add(left);
      this.flaw('pod-behind-stale-cache');
    }
  }

  #podChanged(type: string, metadata: ObjectMeta): void {
    const owner = ownerOf(metadata);
    if (owner === '') {
      const isRunners = metadata.labels?.['actions-ephemeral-runner'] !== undefined;
      if (isRunners) this.violations.push(`the pod ${metadata.name} of a runner has no owner`);
      return;
    }
    let pods = this.#pods.get(owner);
    if (pods === undefined) {
      pods = new Set();
      this.#pods.set(owner, pods);
    }
    if (type === 'deleted') pods.delete(metadata.name);
    else pods.add(metadata.name);
    if (pods.size > 1) this.violations.push(`${pods.size} pods at once of the runner of ${metadata.name}`);
    if (type === 'added') this.#checkOwner(metadata);
  }

  #checkOwner(metadata: ObjectMeta): void {
    const owner = ownerOf(metadata);
    if (owner === '') return;
    const { namespace = '', name } = metadata;
    const runner = this.#watched.find(EphemeralRunners, namespace, name);
    if (runner?.metadata.uid === owner) return;
    if (this.#life(name).uids.has(owner)) {
      this.orphans.add(name);
      this.flaw('made-for-a-gone-runner');
    } else this.violations.push(`something is made for ${name} in the name of ${owner}, which never was`);
  }
}

function statusText({ status }: EphemeralRunner): string {
  const { phase = '', reason = '', runnerId = 0, failures = {} } = status ?? {};
  return `${phase} ${reason} ${runnerId} ${Object.keys(failures).length}`;
}

function ownerOf({ ownerReferences }: ObjectMeta): string {
  return ownerReferences?.find(({ controller }) => controller === true)?.uid ?? '';
}

function nameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

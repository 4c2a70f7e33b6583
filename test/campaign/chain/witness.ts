import { operationOf } from '../../../src/actions/operations.ts';
import type { HttpResponse } from '../../../src/base/http.ts';
import type { ObjectStore } from '../../../src/kubernetes/embedded/store.ts';
import type { ApiRequest } from '../../../src/kubernetes/cluster.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  Pods,
  RoleBindings,
  Roles,
  Secrets,
  ServiceAccounts,
  type Resource,
} from '../../../src/kubernetes/resource.ts';
import { keyOf, type ApiObject, type EphemeralRunner, type EphemeralRunnerSet } from '../../../src/kubernetes/types.ts';
import { SCALE_SET_ID_ANNOTATION } from '../../../src/reconciler/autoscaling-runner-set/names.ts';
import type { Release } from '../../../src/reconciler/releases/release.ts';
import type { ReconcileEffect } from '../../../src/runtime/effects.ts';
import type { PassObserver } from '../../../src/runtime/observer.ts';
import type { Reply } from '../../../src/runtime/pass.ts';
import type { PassRecord } from '../../../src/runtime/pass-record.ts';
import type { ChainFlaw } from './flaws.ts';

/** What one pass has seen and done so far. */
interface PassView {
  /** By plural and key: what the cache or the server had last; undefined for nothing. */
  readonly saw: Map<string, ApiObject | undefined>;
  /** By plural: what the last list had. */
  readonly listed: Map<string, readonly ApiObject[]>;
  /** Runners that it made. */
  made: number;
  /** The part that it is at. */
  phase: string;
  /** Runners that it deleted. */
  takenDown: number;
  /** Ids of runners whose removal the service has confirmed. */
  readonly removed: Set<number>;
}

const PATCH_ID = 'actions.github.com/patch-id';
const LISTENER_PARTS: readonly Resource[] = [Pods, Secrets, RoleBindings, Roles, ServiceAccounts];

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
  readonly #views = new WeakMap<PassRecord, PassView>();

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
        this.#views.set(pass, {
          saw: new Map(),
          listed: new Map(),
          made: 0,
          phase: '',
          takenDown: 0,
          removed: new Set(),
        });
      },
      phaseStarted: (pass, phase) => {
        const view = this.#views.get(pass);
        if (view !== undefined) view.phase = phase;
      },
      passEnded: ({ controller, key }) => void active.delete(`${controller} ${key}`),
    };
  }

  /** The reply, with a look at what the pass asks for and gets to see. */
  watch(effect: ReconcileEffect, pass: PassRecord, reply: Reply): Reply {
    const view = this.#views.get(pass);
    if (view === undefined) return reply;
    if (effect.kind === 'kubernetes') this.#asks(pass, view, effect.request);
    return {
      resume: (answer) => {
        this.#answered(view, effect, answer);
        reply.resume(answer);
      },
      fail: (error) => reply.fail(error),
    };
  }

  /** Counts what upstream gets wrong. */
  flaw(flaw: ChainFlaw): void {
    this.flaws.set(flaw, (this.flaws.get(flaw) ?? 0) + 1);
  }

  #answered(view: PassView, effect: ReconcileEffect, answer: unknown): void {
    if (effect.kind === 'cached-get')
      view.saw.set(seenAs(effect.resource, effect.key), answer as ApiObject | undefined);
    else if (effect.kind === 'cached-list') view.listed.set(effect.resource.plural, answer as readonly ApiObject[]);
    else if (effect.kind === 'kubernetes') {
      const { verb, resource, namespace, name } = effect.request;
      if (verb === 'delete' && resource === (EphemeralRunners as Resource)) view.takenDown++;
      if (verb === 'get') view.saw.set(seenAs(resource, `${namespace}/${name}`), answer as ApiObject | undefined);
      if (verb === 'patch' && answer !== undefined) {
        view.saw.set(seenAs(resource, keyOf((answer as ApiObject).metadata)), answer as ApiObject);
      }
    } else if (effect.kind === 'http' && (answer as HttpResponse).status === 204) {
      const call = operationOf(effect.request.method, effect.request.url);
      if (call?.operation === 'delete-runner') view.removed.add(Number(call.argument));
    }
  }

  /** A pass is about to ask for something; is it right, by what it has seen? */
  #asks(pass: PassRecord, view: PassView, request: ApiRequest): void {
    const { verb, resource, name, body } = request;
    if (resource === (EphemeralRunners as Resource) && pass.controller === 'ephemeralrunnerset') {
      if (verb === 'create') this.#makesRunner(pass, view);
      if (verb === 'delete') this.#takesDown(pass, view, name);
    }
    if (verb === 'create' && resource === (EphemeralRunnerSets as Resource))
      this.#makesSet(pass, view, body as ApiObject);
    if (verb === 'patch' && dropsFinalizers(request)) this.#letsGo(pass, view, resource);
  }

  #makesRunner(pass: PassRecord, view: PassView): void {
    const set = view.saw.get(seenAs(EphemeralRunnerSets, pass.key)) as EphemeralRunnerSet;
    const { replicas = 0 } = set.spec;
    const seen = (view.listed.get(EphemeralRunners.plural) ?? []) as readonly EphemeralRunner[];
    const before = this.#places(seen) + view.made++;
    if (before >= replicas) {
      this.violations.push(`a pass makes a runner of ${pass.key} and sees ${before} of ${replicas}`);
    }
    const { patchID = 0 } = set.spec;
    const latest = Math.max(0, ...seen.map(({ metadata }) => Number(metadata.annotations?.[PATCH_ID] ?? 0)));
    if (patchID !== 0 && patchID === latest) {
      this.violations.push(`a pass makes a runner of ${pass.key} for decision ${patchID} though one has its number`);
    }
    if (this.#places(this.#runnersOf(set)) >= replicas) this.flaw('too-many-runners-from-a-stale-list');
  }

  #takesDown(pass: PassRecord, view: PassView, name: string): void {
    const { spec, metadata, status } = view.saw.get(seenAs(EphemeralRunnerSets, pass.key)) as EphemeralRunnerSet;
    const seen = (view.listed.get(EphemeralRunners.plural) ?? []) as readonly EphemeralRunner[];
    const runner = seen.find((one) => one.metadata.name === name);
    const says = (what: string): void => {
      this.violations.push(`a pass of ${pass.key} deletes ${name} ${what}`);
    };
    if (runner === undefined) {
      says('without seeing it');
      return;
    }
    const { phase = 'Pending', runnerId = 0 } = runner.status ?? {};
    if (phase !== 'Pending' && phase !== 'Running') return;
    if (!view.removed.has(runnerId)) says(`without having removed its registration ${runnerId}`);
    if (view.phase === 'scale-down') {
      const tooMany = this.#places(seen) - (spec.replicas ?? 0);
      if (view.takenDown >= tooMany) says(`after ${view.takenDown} of the ${tooMany} that are too many`);
      if ((spec.patchID ?? 0) !== 0) says(`by decision ${spec.patchID}, which leaves that to runners that end`);
      return;
    }
    // With a spec that has changed idle runners are replaced.
    const isOver = metadata.deletionTimestamp !== undefined || status?.phase === 'Outdated';
    if (!isOver && !this.#release.switches.has(4516)) says('though its set stays as it is');
  }

  #makesSet(pass: PassRecord, view: PassView, made: ApiObject): void {
    const specOf = ({ metadata }: ApiObject): string | undefined => metadata.annotations?.['runner-spec-hash'];
    const listed = view.listed.get(EphemeralRunnerSets.plural) ?? [];
    if (listed.some((one) => specOf(one) !== undefined && specOf(one) === specOf(made))) {
      this.violations.push(`a pass of ${pass.key} makes a second set of the same spec`);
    }
    const there = [...this.#store.of(EphemeralRunnerSets).entries()].map(({ object }) => object);
    if (there.some((one) => specOf(one) === specOf(made))) this.flaw('two-sets-from-a-stale-list');
  }

  /** A pass takes its object's last finalizer off: nothing of it may be left in what it has seen. */
  #letsGo(pass: PassRecord, view: PassView, resource: Resource): void {
    if (resource === (AutoscalingRunnerSets as Resource)) {
      const id = view.saw.get(seenAs(resource, pass.key))?.metadata.annotations?.[SCALE_SET_ID_ANNOTATION];
      if (id !== undefined) this.notedScaleSets.add(Number(id));
    }
    const violated = (what: string): void => {
      this.violations.push(`a pass lets ${resource.kind} ${pass.key} go and sees ${what}`);
    };
    const left = (kinds: readonly Resource[]): string[] => {
      const plurals = new Set(kinds.map(({ plural }) => plural));
      return [...view.saw].flatMap(([what, object]) =>
        object !== undefined && plurals.has(what.slice(0, what.indexOf(' '))) ? [what] : [],
      );
    };
    if (resource === (EphemeralRunnerSets as Resource)) {
      const runners = view.listed.get(EphemeralRunners.plural);
      if (runners === undefined || runners.length > 0) violated(`${runners?.length ?? 'an unknown number of'} runners`);
    } else if (resource === (AutoscalingListeners as Resource)) {
      if (left(LISTENER_PARTS).length > 0) violated(left(LISTENER_PARTS).join(', '));
      for (const { plural } of LISTENER_PARTS) {
        if (![...view.saw.keys()].some((what) => what.startsWith(`${plural} `))) violated(`nothing of its ${plural}`);
      }
    } else if (resource === (AutoscalingRunnerSets as Resource)) {
      const parts = left([AutoscalingListeners, EphemeralRunnerSets]);
      if (parts.length > 0) violated(parts.join(', '));
      const sets = view.listed.get(EphemeralRunnerSets.plural);
      if (sets !== undefined && sets.length > 0) violated('its sets');
      const lookedAt = (resource: Resource): boolean =>
        [...view.saw.keys()].some((what) => what.startsWith(`${resource.plural} `));
      if (!lookedAt(AutoscalingListeners)) violated('nothing of its listener');
      if (sets === undefined && !lookedAt(EphemeralRunnerSets)) violated('nothing of its sets');
      const seen = view.saw.get(seenAs(AutoscalingRunnerSets, pass.key));
      if (seen?.metadata.annotations?.[SCALE_SET_ID_ANNOTATION] !== undefined) violated('the id of its scale set');
    }
  }

  #runnersOf({ metadata }: EphemeralRunnerSet): EphemeralRunner[] {
    return [...this.#store.of(EphemeralRunners).entries()]
      .map(({ object }) => object as EphemeralRunner)
      .filter((runner) => runner.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
  }

  /** How many runners fill a place of their set. */
  #places(runners: readonly EphemeralRunner[]): number {
    const knowsOutdated = this.#release.switches.has(4404);
    return runners.filter(({ metadata, status }) => {
      if (metadata.deletionTimestamp !== undefined) return false;
      return status?.phase !== 'Succeeded' && !(knowsOutdated && status?.phase === 'Outdated');
    }).length;
  }
}

function seenAs(resource: Resource, key: string): string {
  return `${resource.plural} ${key}`;
}

function dropsFinalizers({ body }: ApiRequest): boolean {
  const metadata = (body as { readonly metadata?: { readonly finalizers?: unknown } }).metadata;
  return metadata !== undefined && metadata.finalizers === null;
}

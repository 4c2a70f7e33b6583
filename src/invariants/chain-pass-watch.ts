import { operationOf } from '../actions/operations.ts';
import { runnersText } from '../base/count-words.ts';
import type { HttpResponse } from '../base/http.ts';
import type { ApiRequest } from '../kubernetes/cluster.ts';
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
} from '../kubernetes/resource.ts';
import { keyOf, type ApiObject, type EphemeralRunner, type EphemeralRunnerSet } from '../kubernetes/types.ts';
import { SCALE_SET_ID_ANNOTATION } from '../reconciler/autoscaling-runner-set/names.ts';
import type { Release } from '../reconciler/releases/release.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import type { PassWatch } from './pass-watch.ts';

const PATCH_ID = 'actions.github.com/patch-id';
const LISTENER_PARTS: readonly Resource[] = [Pods, Secrets, RoleBindings, Roles, ServiceAccounts];

/** What counts of a release here. */
type Rules = Pick<Release, 'switches'>;

/** Looks at one pass of the controllers above runners: of a scale set, its listener or its runners' set. */
export class ChainPassWatch implements PassWatch {
  readonly #controller: string;
  readonly #key: string;
  readonly #release: Rules;
  /** By plural and key: what the cache or the server had last; undefined for nothing. */
  readonly #saw = new Map<string, ApiObject | undefined>();
  /** By plural: what the last list had. */
  readonly #listed = new Map<string, readonly ApiObject[]>();
  /** Runners that it made. */
  #made = 0;
  /** The part that it is at. */
  #phase = '';
  /** Runners that it deleted. */
  #takenDown = 0;
  /** Ids of runners whose removal the service has confirmed. */
  readonly #removed = new Set<number>();

  /** @param key of what the pass is about */
  constructor(controller: string, key: string, release: Rules) {
    this.#controller = controller;
    this.#key = key;
    this.#release = release;
  }

  /** What the pass is about, as it was last read or written; undefined where that is gone, or not read yet. */
  seen<T extends ApiObject>(resource: Resource<T>): T | undefined {
    return this.#saw.get(seenAs(resource, this.#key)) as T | undefined;
  }

  asks(effect: ReconcileEffect): readonly string[] {
    if (effect.kind === 'phase') this.#phase = effect.phase;
    if (effect.kind !== 'kubernetes') return [];
    const { verb, resource, name, body } = effect.request;
    if (resource === (EphemeralRunners as Resource) && this.#controller === 'ephemeralrunnerset') {
      if (verb === 'create') return this.#makesRunner();
      if (verb === 'delete') return this.#takesDown(name);
    }
    if (verb === 'create' && resource === (EphemeralRunnerSets as Resource)) return this.#makesSet(body as ApiObject);
    if (verb === 'create' && resource === (AutoscalingListeners as Resource)) return this.#makesListener();
    return verb === 'patch' && dropsFinalizers(effect.request) ? this.#letsGo(resource) : [];
  }

  answered(effect: ReconcileEffect, answer: unknown): void {
    if (effect.kind === 'cached-get')
      this.#saw.set(seenAs(effect.resource, effect.key), answer as ApiObject | undefined);
    else if (effect.kind === 'cached-list') this.#listed.set(effect.resource.plural, answer as readonly ApiObject[]);
    else if (effect.kind === 'kubernetes') {
      const { verb, resource, namespace, name } = effect.request;
      if (verb === 'delete' && resource === (EphemeralRunners as Resource)) this.#takenDown++;
      if (verb === 'get') this.#saw.set(seenAs(resource, `${namespace}/${name}`), answer as ApiObject | undefined);
      if (verb === 'patch' && answer !== undefined) {
        this.#saw.set(seenAs(resource, keyOf((answer as ApiObject).metadata)), answer as ApiObject);
      }
    } else if (effect.kind === 'http' && (answer as HttpResponse).status === 204) {
      const call = operationOf(effect.request.method, effect.request.url);
      if (call?.operation === 'delete-runner') this.#removed.add(Number(call.argument));
    }
  }

  get #runners(): readonly EphemeralRunner[] {
    return (this.#listed.get(EphemeralRunners.plural) ?? []) as readonly EphemeralRunner[];
  }

  #makesRunner(): readonly string[] {
    const { replicas = 0, patchID = 0 } = (this.seen(EphemeralRunnerSets) as EphemeralRunnerSet).spec;
    const seen = this.#runners;
    const before = placesOf(seen, this.#release) + this.#made++;
    const broken: string[] = [];
    if (before >= replicas) {
      broken.push(`a pass makes a runner of ${this.#key} and sees ${before} of ${replicas}`);
    }
    const latest = Math.max(0, ...seen.map(({ metadata }) => Number(metadata.annotations?.[PATCH_ID] ?? 0)));
    if (patchID !== 0 && patchID === latest) {
      broken.push(`a pass makes a runner of ${this.#key} for decision ${patchID} though one has its number`);
    }
    return broken;
  }

  #takesDown(name: string): readonly string[] {
    const { spec, metadata, status } = this.seen(EphemeralRunnerSets) as EphemeralRunnerSet;
    const seen = this.#runners;
    const runner = seen.find((one) => one.metadata.name === name);
    const broken: string[] = [];
    const says = (what: string): void => void broken.push(`a pass of ${this.#key} deletes ${name} ${what}`);
    if (runner === undefined) {
      says('without seeing it');
      return broken;
    }
    const { phase = 'Pending', runnerId = 0 } = runner.status ?? {};
    if (phase !== 'Pending' && phase !== 'Running') return broken;
    if (!this.#removed.has(runnerId)) says(`without having removed its registration ${runnerId}`);
    if (this.#phase === 'scale-down') {
      const tooMany = placesOf(seen, this.#release) - (spec.replicas ?? 0);
      if (this.#takenDown >= tooMany) says(`after ${this.#takenDown} of the ${tooMany} that are too many`);
      if ((spec.patchID ?? 0) !== 0) says(`by decision ${spec.patchID}, which leaves that to runners that end`);
      return broken;
    }
    // With a spec that has changed idle runners are replaced.
    const isOver = metadata.deletionTimestamp !== undefined || status?.phase === 'Outdated';
    if (!isOver && !this.#release.switches.has(4516)) says('though its set stays as it is');
    return broken;
  }

  #makesListener(): readonly string[] {
    const there = [...this.#saw].find(
      ([what, object]) =>
        what.startsWith(`${AutoscalingListeners.plural} `) &&
        object !== undefined &&
        object.metadata.deletionTimestamp === undefined,
    );
    return there === undefined ? [] : [`a pass of ${this.#key} makes a listener and sees ${there[0]}`];
  }

  #makesSet(made: ApiObject): readonly string[] {
    const listed = this.#listed.get(EphemeralRunnerSets.plural) ?? [];
    return listed.some((one) => specHashOf(one) !== undefined && specHashOf(one) === specHashOf(made))
      ? [`a pass of ${this.#key} makes a second set of the same spec`]
      : [];
  }

  /** A pass takes its object's last finalizer off: nothing of it may be left in what it has seen. */
  #letsGo(resource: Resource): readonly string[] {
    const broken: string[] = [];
    const violated = (what: string): void => {
      broken.push(`a pass lets ${resource.kind} ${this.#key} go and sees ${what}`);
    };
    const left = (kinds: readonly Resource[]): string[] => {
      const plurals = new Set(kinds.map(({ plural }) => plural));
      return [...this.#saw].flatMap(([what, object]) =>
        object !== undefined && plurals.has(what.slice(0, what.indexOf(' '))) ? [what] : [],
      );
    };
    if (resource === (EphemeralRunnerSets as Resource)) {
      const runners = this.#listed.get(EphemeralRunners.plural);
      if (runners === undefined || runners.length > 0)
        violated(runners === undefined ? 'nothing of its runners' : runnersText(runners.length));
    } else if (resource === (AutoscalingListeners as Resource)) {
      if (left(LISTENER_PARTS).length > 0) violated(left(LISTENER_PARTS).join(', '));
      for (const { plural } of LISTENER_PARTS) {
        if (![...this.#saw.keys()].some((what) => what.startsWith(`${plural} `))) violated(`nothing of its ${plural}`);
      }
    } else if (resource === (AutoscalingRunnerSets as Resource)) {
      const parts = left([AutoscalingListeners, EphemeralRunnerSets]);
      if (parts.length > 0) violated(parts.join(', '));
      const sets = this.#listed.get(EphemeralRunnerSets.plural);
      if (sets !== undefined && sets.length > 0) violated('its sets');
      const lookedAt = ({ plural }: Resource): boolean =>
        [...this.#saw.keys()].some((what) => what.startsWith(`${plural} `));
      if (!lookedAt(AutoscalingListeners)) violated('nothing of its listener');
      if (sets === undefined && !lookedAt(EphemeralRunnerSets)) violated('nothing of its sets');
      const seen = this.seen(AutoscalingRunnerSets);
      if (seen?.metadata.annotations?.[SCALE_SET_ID_ANNOTATION] !== undefined) violated('the id of its scale set');
    }
    return broken;
  }
}

/** How many runners fill a place of their set. */
export function placesOf(runners: readonly EphemeralRunner[], { switches }: Rules): number {
  const knowsOutdated = switches.has(4404);
  return runners.filter(({ metadata, status }) => {
    if (metadata.deletionTimestamp !== undefined) return false;
    return status?.phase !== 'Succeeded' && !(knowsOutdated && status?.phase === 'Outdated');
  }).length;
}

/** What sets of the same spec have in common. */
export function specHashOf({ metadata }: ApiObject): string | undefined {
  return metadata.annotations?.['runner-spec-hash'];
}

/** Whether a request takes an object's last finalizers off. */
export function dropsFinalizers({ body }: ApiRequest): boolean {
  const metadata = (body as { readonly metadata?: { readonly finalizers?: unknown } }).metadata;
  return metadata !== undefined && metadata.finalizers === null;
}

function seenAs(resource: Resource, key: string): string {
  return `${resource.plural} ${key}`;
}

import { naturalCompare } from '../base/natural-order.ts';
import type { AutoscalingListener, AutoscalingRunnerSet } from '../kubernetes/scale-set-types.ts';
import {
  controllerOf,
  keyOf,
  type ApiObject,
  type EphemeralRunner,
  type EphemeralRunnerSet,
  type Pod,
} from '../kubernetes/types.ts';
import type { InformerEvent, InformerListener } from '../runtime/informer.ts';
import { ListenerActivity } from './listener-activity.ts';
import type { ReadonlyRunnerIndex } from './runner-index.ts';
import { groupOfRunner } from './runner-group.ts';
import { UNSEEN, waitOfListener, waitOfScaleSet, waitOfSet, type Wait } from './scale-set-waits.ts';

/** Objects of a kind that are kept up to date. */
export interface Followed<T extends ApiObject> {
  get(key: string): T | undefined;
  entries(): Iterable<readonly [key: string, object: T]>;
  listen(listener: InformerListener<T>): unknown;
}

/** The kinds above runners; undefined are those that are not there, or may not be read. */
export interface Above {
  readonly scaleSets: Followed<AutoscalingRunnerSet> | undefined;
  readonly listeners: Followed<AutoscalingListener> | undefined;
  readonly sets: Followed<EphemeralRunnerSet> | undefined;
  /** The caches in which pods of listeners may be; a pod has the key of its listener. */
  readonly pods: readonly Followed<Pod>[];
  /** Whether a listener's pod is in one of them, if there is one; where that is not said, it is. */
  readonly seesPodOf?: ((listener: string) => boolean) | undefined;
  readonly runners: Followed<EphemeralRunner>;
  /** Of the controllers of these kinds: what the last pass over an object failed with, while it waits to be tried again. */
  readonly troubleOf?: ((kind: AboveKind, key: string) => string) | undefined;
  /** How much later than they come answers reach the listeners, in microseconds. */
  readonly pauseUs?: (() => number) | undefined;
}

export type AboveKind = 'scale-set' | 'listener' | 'set';

/** What an object above runners waits for, and since when. */
export interface AboveDescription extends Omit<Wait, 'sinceText' | 'sinceUs'> {
  /** In the run's microseconds; below 0 for what began before the run. */
  readonly sinceUs: number;
  /** What its controller failed with, while it waits to try again; empty otherwise. */
  readonly trouble: string;
}

/**
 * The objects above runners: AutoscalingRunnerSets, their listeners and EphemeralRunnerSets, what each waits for and since
 * when. Objects stay in the caches; descriptions are made when somebody looks, and what is kept is since when each waits.
 */
export class ScaleSets {
  readonly activity = new ListenerActivity((key) => this.#podChanged(key));
  readonly #nowUs: () => number;
  readonly #epochMs: () => number;
  readonly #index: ReadonlyRunnerIndex;
  readonly #since = new Map<string, { readonly code: string; readonly sinceUs: number }>();
  #above: Partial<Above> = {};
  #version = 0;

  /**
   * @param epochMs wall-clock time of the run's microsecond 0
   * @param index of the runners; those of an EphemeralRunnerSet are in the group of its key
   */
  constructor(nowUs: () => number, epochMs: () => number, index: ReadonlyRunnerIndex) {
    this.#nowUs = nowUs;
    this.#epochMs = epochMs;
    this.#index = index;
  }

  /** Grows when anything may be different for those who look. */
  get version(): number {
    return this.#version;
  }

  /** To be called after the index follows the runners. */
  follow(above: Above): void {
    this.#above = above;
    this.#version++;
    above.scaleSets?.listen((event, key) => this.#changed('scale-set', key, event));
    above.listeners?.listen((event, key, { spec }) => {
      this.#changed('listener', key, event);
      this.#changed('scale-set', scaleSetOfListener(spec));
    });
    above.sets?.listen((event, key) => {
      this.#changed('set', key, event);
      this.#changed('scale-set', this.scaleSetOf(key));
    });
    for (const pods of above.pods) pods.listen((_event, key) => this.#podChanged(key));
    if (above.sets !== undefined) {
      above.runners.listen((_event, _key, { metadata }) => this.#changed('set', groupOfRunner(metadata)));
    }
    for (const key of keysOf(above.sets)) this.#changed('set', key);
    for (const key of keysOf(above.listeners)) this.#changed('listener', key);
    for (const key of keysOf(above.scaleSets)) this.#changed('scale-set', key);
  }

  /** More pods, among which those of listeners may be. */
  followPods(pods: Followed<Pod>): void {
    this.#above = { ...this.#above, pods: [...(this.#above.pods ?? []), pods] };
    pods.listen((_event, key) => this.#podChanged(key));
    for (const [key] of pods.entries()) this.#podChanged(key);
  }

  /** Keys of the AutoscalingRunnerSets, by name. */
  keys(): readonly string[] {
    return keysOf(this.#above.scaleSets);
  }

  /** Keys of the EphemeralRunnerSets of a scale set; without one, of those that none owns which is known. */
  setsOf(scaleSet: string | undefined): readonly string[] {
    return keysOf(this.#above.sets).filter((key) => this.scaleSetOf(key) === scaleSet);
  }

  listenersOf(scaleSet: string): readonly string[] {
    const { listeners } = this.#above;
    return keysOf(listeners).filter((key) => scaleSetOfListener(listeners?.get(key)?.spec) === scaleSet);
  }

  /** Key of the scale set that owns an EphemeralRunnerSet; undefined where none is known. */
  scaleSetOf(set: string): string | undefined {
    const metadata = this.#above.sets?.get(set)?.metadata;
    const owner = metadata === undefined ? undefined : controllerOf(metadata);
    if (metadata === undefined || owner === undefined) return undefined;
    const key = keyOf({ ...metadata, name: owner.name });
    return this.#above.scaleSets?.get(key) === undefined ? undefined : key;
  }

  /** An EphemeralRunnerSet's object, where it is known. */
  set(key: string): EphemeralRunnerSet | undefined {
    return this.#above.sets?.get(key);
  }

  listenerPod(key: string): Pod | undefined {
    for (const pods of this.#above.pods ?? []) {
      const pod = pods.get(key);
      if (pod !== undefined) return pod;
    }
    return undefined;
  }

  /** @returns undefined for what is not there any more */
  describe(kind: AboveKind, key: string): AboveDescription | undefined {
    const wait = this.#wait(kind, key);
    if (wait === undefined) return undefined;
    const trouble = this.#above.troubleOf?.(kind, key) ?? '';
    return { ...wait, sinceUs: this.#sinceUs(kind, key, wait), trouble };
  }

  #wait(kind: AboveKind, key: string): Wait | undefined {
    const { scaleSets, listeners, sets, pauseUs } = this.#above;
    switch (kind) {
      case 'set': {
        const set = sets?.get(key);
        return set && waitOfSet(set, this.#index.countsOfSet(key));
      }
      case 'listener': {
        const listener = listeners?.get(key);
        const pod = this.listenerPod(key);
        if (pod === undefined && this.#above.seesPodOf?.(key) === false) return listener && UNSEEN();
        const activity = pod === undefined ? undefined : this.activity.of(key);
        return listener && waitOfListener(listener, pod, activity, pauseUs?.() ?? 0);
      }
      case 'scale-set': {
        const scaleSet = scaleSets?.get(key);
        if (scaleSet === undefined) return undefined;
        const own = sets && this.setsOf(key);
        return waitOfScaleSet(scaleSet, {
          sets: own?.flatMap((one) => sets?.get(one) ?? []),
          listeners: listeners && this.listenersOf(key).flatMap((one) => this.#wait('listener', one) ?? []),
          runners: (own ?? []).reduce((sum, one) => sum + this.#index.countOfSet(one), 0),
        });
      }
    }
  }

  /** What an object says counts; what none says, from when it was first noticed. */
  #sinceUs(kind: AboveKind, key: string, { code, sinceText, sinceUs }: Wait): number {
    if (sinceUs !== undefined) return sinceUs;
    const ms = sinceText === undefined || sinceText === null ? NaN : Date.parse(sinceText);
    if (!Number.isNaN(ms)) return (ms - this.#epochMs()) * 1000;
    const id = `${kind} ${key}`;
    let noted = this.#since.get(id);
    if (noted?.code !== code) {
      noted = { code, sinceUs: this.#nowUs() };
      this.#since.set(id, noted);
    }
    return noted.sinceUs;
  }

  #podChanged(key: string): void {
    const listener = this.#above.listeners?.get(key);
    if (listener === undefined) return;
    this.#changed('listener', key);
    this.#changed('scale-set', scaleSetOfListener(listener.spec));
  }

  /** Since when something waits is noticed when that begins, whether or not somebody looks. */
  #changed(kind: AboveKind, key: string | undefined, event: InformerEvent = 'updated'): void {
    if (key === undefined) return;
    this.#version++;
    const wait = event === 'deleted' ? undefined : this.#wait(kind, key);
    if (wait === undefined) this.#since.delete(`${kind} ${key}`);
    else this.#sinceUs(kind, key, wait);
  }
}

function scaleSetOfListener(spec: AutoscalingListener['spec'] | undefined): string | undefined {
  if (spec === undefined) return undefined;
  return keyOf({ namespace: spec.autoscalingRunnerSetNamespace, name: spec.autoscalingRunnerSetName });
}

function keysOf(objects: Followed<ApiObject> | undefined): string[] {
  return objects === undefined ? [] : [...objects.entries()].map(([key]) => key).sort(naturalCompare);
}

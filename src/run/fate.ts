import { AutoscalingRunnerSets, EphemeralRunnerSets, EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../kubernetes/scale-set-types.ts';
import { splitKey, type EphemeralRunner, type Pod } from '../kubernetes/types.ts';
import { SCALE_SET_ID_ANNOTATION } from '../reconciler/autoscaling-runner-set/names.ts';
import { hasFailedTooOften } from '../reconciler/failures.ts';
import { hasRunningListener } from '../model/scale-set-recorder.ts';
import type { RunEnd } from './run-end.ts';
import type { EmbeddedRun } from './start-embedded.ts';

/** Whose end is looked at, runners by `namespace/name`. */
export type Subject =
  | { readonly kind: 'runner'; readonly key: string }
  /** The first of these that ends badly; the first of all where each ends well. */
  | { readonly kind: 'first'; readonly keys: readonly string[] }
  /** All runners with their scale set. */
  | { readonly kind: 'all' };

const GOOD = ['gone', 'done', 'runs', 'waits'] as const;

/** How it ended. The first words are good ends: removed with all that belongs to it, its job done, running, waiting for a node that the run has none of. */
export type FateWord =
  | (typeof GOOD)[number]
  /** Gone, and its registration is left at GitHub. */
  | 'registration-left'
  /** The run was over before it was made. */
  | 'not-made'
  /** Its name is registered for another scale set. */
  | 'name-taken'
  /** It is to be deleted and is never gone. */
  | 'held'
  | 'failed'
  | 'outdated'
  | 'no-pod'
  /** Its pod never starts. */
  | 'pod-pending'
  /** Its pod has ended, and the runner does not notice. */
  | 'pod-over'
  /** Its pod runs, and GitHub does not know it. */
  | 'unregistered'
  /** Jobs wait for ever. */
  | 'jobs-left'
  | 'no-listener'
  /** GitHub no longer has the scale set whose id the controllers work with. */
  | 'scale-set-gone'
  /** Things are made and taken down again without end. */
  | 'goes-round';

/** How a subject ended. */
export interface Fate {
  readonly word: FateWord;
  /** `namespace/name` of the runner, listener or scale set that the word is about. */
  readonly key: string;
}

export function endsWell({ word }: Fate): boolean {
  return (GOOD as readonly string[]).includes(word);
}

/** Looks on until a run ends, and says how its subject ended. */
export class FateWatch {
  readonly #run: EmbeddedRun;
  /** Runners that are looked at; undefined where all are, with their scale set. */
  readonly #keys: readonly string[] | undefined;
  readonly #made = new Set<string>();
  /** Those that went because they had failed. */
  readonly #failed = new Set<string>();

  constructor(run: EmbeddedRun, subject: Subject) {
    this.#run = run;
    if (subject.kind === 'all') return;
    const keys = subject.kind === 'runner' ? [subject.key] : subject.keys;
    this.#keys = keys;
    const isAsked = new Set(keys);
    run.environment.cluster.api.store.of(EphemeralRunners).listen((type, { key }, object) => {
      if (!isAsked.has(key)) return;
      this.#made.add(key);
      if (type !== 'deleted') return;
      const runner = object as EphemeralRunner;
      const { phase } = runner.status ?? {};
      if (phase === 'Failed' || phase === 'Outdated' || hasFailedTooOften(runner)) this.#failed.add(key);
      else this.#failed.delete(key);
    });
  }

  fate(end: RunEnd): Fate {
    const fates = this.#keys?.map((key) => this.#fateOf(key));
    return fates?.find((fate) => !endsWell(fate)) ?? fates?.[0] ?? fateOfAll(this.#run, end);
  }

  #fateOf(key: string): Fate {
    const fate = fateOfRunner(this.#run, key);
    if (fate.word !== 'gone') return fate;
    return { ...fate, word: !this.#made.has(key) ? 'not-made' : this.#failed.has(key) ? 'failed' : 'gone' };
  }
}

function fateOfAll(run: EmbeddedRun, end: RunEnd): Fate {
  const { environment } = run;
  const runners = [...environment.cluster.api.store.of(EphemeralRunners).entries()];
  const fates = runners.map(({ key }) => fateOfRunner(run, key));
  const ofChain = environment.chain === undefined ? undefined : fateOfChain(run, end);
  const bad = fates.find((fate) => !endsWell(fate)) ?? leftBehind(run);
  return ofChain ?? bad ?? { word: runners.length === 0 ? 'gone' : 'runs', key: runners[0]?.key ?? '' };
}

function fateOfRunner(run: EmbeddedRun, key: string): Fate {
  const { namespace, name } = splitKey(key);
  const runner = run.environment.cluster.api.store.of(EphemeralRunners).find(namespace, name)?.object as
    EphemeralRunner | undefined;
  const { service, chain, runnerSet } = run.environment;
  const registration = service.runners.get(name);
  // The scale sets of a chain are all there are.
  const isTaken = chain === undefined && registration?.runnerScaleSetId !== runnerSet.spec.runnerScaleSetId;
  const isRegistered = registration !== undefined;
  if (isRegistered && isTaken) return { word: 'name-taken', key };
  if (runner === undefined) return { word: isRegistered ? 'registration-left' : 'gone', key };
  return { word: wordFor(run, runner, isRegistered), key };
}

function wordFor({ environment }: EmbeddedRun, { metadata, status }: EphemeralRunner, isRegistered: boolean): FateWord {
  if (metadata.deletionTimestamp !== undefined) return 'held';
  if (status?.phase === 'Failed') return 'failed';
  if (status?.phase === 'Outdated') return 'outdated';
  if (status?.phase === 'Succeeded') return 'done';
  const pod = environment.cluster.api.store.of(Pods).find(metadata.namespace ?? '', metadata.name)?.object as
    Pod | undefined;
  if (pod === undefined) return 'no-pod';
  const { phase = 'Pending' } = pod.status ?? {};
  if (phase === 'Pending') return environment.pods === undefined ? 'waits' : 'pod-pending';
  if (phase !== 'Running') return 'pod-over';
  return isRegistered ? 'runs' : 'unregistered';
}

/** Undefined where nothing is wrong besides runners. */
function fateOfChain(run: EmbeddedRun, end: RunEnd): Fate | undefined {
  const { cluster, chain, process, service } = run.environment;
  const [set] = [...cluster.api.store.of(AutoscalingRunnerSets).entries()];
  if (set === undefined) return undefined;
  const { key } = set;
  const object = set.object as AutoscalingRunnerSet;
  const { phase } = object.status ?? {};
  if (object.metadata.deletionTimestamp !== undefined) return { word: 'held', key };
  if (phase === 'Outdated') return { word: 'outdated', key };
  const pods = Array.from(cluster.api.store.of(Pods).entries(), ({ object: pod }) => pod as Pod);
  const listens = hasRunningListener(pods, process?.namespace);
  if (chain?.isDone === true && listens) return undefined;
  const id = object.metadata.annotations?.[SCALE_SET_ID_ANNOTATION];
  if (id !== undefined && !service.state.scaleSets.sets.some((each) => String(each.id) === id)) {
    return { word: 'scale-set-gone', key };
  }
  const isAtRest = listens && run.environment.cluster.api.store.of(EphemeralRunners).size === 0;
  if (end.kind === 'cut-off' && chain?.isDone !== true && !isAtRest) return { word: 'goes-round', key };
  return { word: listens ? 'jobs-left' : 'no-listener', key };
}

/** A registration whose runner is gone; undefined where there is none. */
function leftBehind({ environment }: EmbeddedRun): Fate | undefined {
  const { cluster, service } = environment;
  const { store } = cluster.api;
  const names = new Set([...store.of(EphemeralRunners).entries()].map(({ object }) => object.metadata.name));
  for (const name of service.runners.keys()) {
    if (!names.has(name)) return { word: 'registration-left', key: `${environment.namespace}/${name}` };
  }
  const [set] = [...store.of(EphemeralRunnerSets).entries()].filter(
    ({ object }) => object.metadata.deletionTimestamp !== undefined,
  );
  return set === undefined ? undefined : { word: 'held', key: set.key };
}

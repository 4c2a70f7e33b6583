import type { Clock } from '../base/clock.ts';
import { AutoscalingListeners, AutoscalingRunnerSets, EphemeralRunnerSets, Pods } from '../kubernetes/resource.ts';
import type { AutoscalingListener } from '../kubernetes/scale-set-types.ts';
import { controllerOf, keyOf, type ApiObject, type ContainerState, type Pod } from '../kubernetes/types.ts';
import { LISTENER_CONTAINER } from '../reconciler/autoscaling-listener/names.ts';
import type { Caches } from '../runtime/caches.ts';
import type { InformerEvent } from '../runtime/informer.ts';
import { known } from '../trace/known.ts';
import type { ObjectEvent, PodTrouble } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** What a trace keeps of an object above runners. */
type Note = Pick<ObjectEvent, 'phase' | 'replicas' | 'patchID' | 'scaleSet' | 'trouble'>;

/** Writes to a trace what a process knows of scale sets, their listeners and sets of runners, from its caches. */
export class ScaleSetRecorder {
  readonly #clock: Clock;
  readonly #log: TraceLog;
  /** By kind and key: what was last noted, as text. */
  readonly #notes = new Map<string, string>();

  constructor(clock: Clock, log: TraceLog) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Of caches that follow others, only what has changed between them is noted. */
  follow(caches: Caches): void {
    const scaleSets = caches.of(AutoscalingRunnerSets);
    const listeners = caches.of(AutoscalingListeners);
    scaleSets.listen((event, key, { kind, status }) => this.#note(kind, key, event, { phase: status?.phase ?? '' }));
    caches.of(EphemeralRunnerSets).listen((event, key, { kind, metadata, spec, status }) => {
      const { replicas = 0, patchID = 0 } = spec;
      const owner = controllerOf(metadata)?.name;
      const scaleSet = owner && keyOf({ ...metadata, name: owner });
      this.#note(kind, key, event, { phase: status?.phase ?? '', replicas, patchID, ...known({ scaleSet }) });
    });
    // What there is to say of a listener is what its pod says.
    const noteListener = (event: InformerEvent, key: string, { kind, spec }: AutoscalingListener): void => {
      const { autoscalingRunnerSetNamespace: namespace, autoscalingRunnerSetName: name } = spec;
      const pod = caches.of(Pods).get(key);
      this.#note(kind, key, event, {
        phase: listenerPhase(pod),
        scaleSet: keyOf({ namespace, name }),
        ...known({ trouble: endOfListener(pod) }),
      });
    };
    listeners.listen(noteListener);
    caches.of(Pods).listen((_event, key) => {
      const listener = listeners.get(key);
      if (listener !== undefined) noteListener('updated', key, listener);
    });
    for (const resource of [AutoscalingRunnerSets, AutoscalingListeners, EphemeralRunnerSets]) {
      const { kind } = resource;
      const informer = caches.of<ApiObject>(resource);
      informer.whenSynced(() => {
        for (const name of this.#notes.keys()) {
          const key = name.slice(kind.length + 1);
          if (name.startsWith(`${kind} `) && informer.get(key) === undefined) this.#note(kind, key, 'deleted', {});
        }
      });
    }
  }

  #note(kind: string, object: string, event: InformerEvent, note: Note): void {
    if (this.#log.endedUs !== undefined) return;
    const [name, text] = [`${kind} ${object}`, JSON.stringify(note)];
    const deleted = event === 'deleted';
    if (!deleted && this.#notes.get(name) === text) return;
    if (deleted) this.#notes.delete(name);
    else this.#notes.set(name, text);
    this.#log.addObject({ kind, object, at: this.#clock.nowUs(), ...note, deleted, basis: 'run' });
  }
}

/** @param namespace the controller's, in which listeners are */
export function hasRunningListener(pods: readonly Pod[], namespace: string | undefined): boolean {
  return pods.some((pod) => pod.metadata.namespace === namespace && listenerPhase(pod) === 'Running');
}

/** Of a listener: empty while it has no pod, `Pending` until its container runs. */
export function listenerPhase(pod: Pod | undefined): string {
  if (pod === undefined) return '';
  const state = listenerState(pod);
  if (state?.terminated !== undefined || pod.status?.phase === 'Failed') return 'Failed';
  return state?.running === undefined ? 'Pending' : 'Running';
}

/** How a listener's pod ended: by the pod's reason where it was ended from outside, by the exit code of its container otherwise. */
function endOfListener(pod: Pod | undefined): PodTrouble | undefined {
  if (pod === undefined || listenerPhase(pod) !== 'Failed') return undefined;
  const { reason = '', message } = pod.status ?? {};
  const { exitCode, reason: why = 'Error' } = listenerState(pod)?.terminated ?? {};
  if (reason !== '') return { code: reason, ...known({ message }), ended: true };
  const code = why === 'Error' && exitCode !== undefined ? `exit ${exitCode}` : why;
  return { code, ...known({ exitCode }), ended: true };
}

function listenerState(pod: Pod): ContainerState | undefined {
  return pod.status?.containerStatuses?.find(({ name }) => name === LISTENER_CONTAINER)?.state;
}

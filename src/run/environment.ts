import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { HttpTransport } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { ProcessOptions } from '../reconciler/process-options.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { Pod } from '../kubernetes/types.ts';
import type { ListenerObserver } from '../listener/observer.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { Driver } from '../runtime/pass.ts';
import type { RunSettings } from './settings.ts';

/** A clock for which time stands still while a callback from outside runs. */
type RunClock = Clock & { enter<T>(callback: () => T): T };

/** Who hears what the listeners do that run in pods. */
export interface PodHooks {
  /** Of their requests and log lines. */
  readonly observers?: readonly PassObserver[] | undefined;
  readonly listeners?: ((pod: Pod) => ListenerObserver) | undefined;
  /** Puts another driver in front of a listener's. */
  readonly wrapListener?: ((driver: Driver) => Driver) | undefined;
}

/** What a controller runs on: here targets differ, and nowhere else in a run. */
export interface Environment {
  /** What the trace names as its source. */
  readonly source: 'embedded' | 'shadow' | 'remote';
  /** What differs from what happens on the cluster, in a sentence; undefined where nothing does. The trace keeps it. */
  readonly differences?: string | undefined;
  /** How runners come and what they meet, as the trace's settings name it; undefined where nothing is as usual. */
  readonly load?: Readonly<Record<string, unknown>> | undefined;
  /** The settings that count here: what was left open is decided. */
  readonly settings: RunSettings;
  readonly clock: RunClock;
  /** Wall-clock time at clock 0, in milliseconds since 1970. */
  readonly epochMs: number;
  readonly secrets: SecretRegistry;
  /** Namespace of the runners; all for ''. */
  readonly namespace: string;
  /** What the controller watches and writes to. */
  readonly cluster: Cluster;
  /** Where it registers runners. */
  readonly http: HttpTransport;
  /** Whether EphemeralRunnerSets are reconciled too. */
  readonly reconcilesSets?: boolean | undefined;
  /** Where the whole of ARC runs, from AutoscalingRunnerSets on: what its process is started with. */
  readonly process?: ProcessOptions | undefined;
  /** How long passes in progress may take to end; later writes are held back. */
  readonly patienceMs: number;
  /** Starts to move pods through their lives, where the settings ask for it; the controller watches already. */
  startPods(hooks?: PodHooks): Disposable;
  /**
   * Undoes what was done to begin, and closes every connection.
   * @throws the first failure, after everything has been tried
   */
  close(): Promise<void>;
}

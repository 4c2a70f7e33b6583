import { t } from '@vscode/l10n';
import { SecretRegistry } from '../base/redact.ts';
import type { Explanation } from '../evidence/explain.ts';
import type { ConnectionStatus } from '../kubernetes/remote/connection-monitor.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  Events,
  Pods,
} from '../kubernetes/resource.ts';
import type { KubernetesEvent } from '../kubernetes/types.ts';
import { ManifestHistory } from '../model/manifest-history.ts';
import type { RunnerTable } from '../model/runner-table.ts';
import { ScaleSets } from '../model/scale-sets.ts';
import type { DebugTarget } from '../run/debug-target.ts';
import type { RunSession } from '../run/session.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { ClusterWatch } from './cluster-watch.ts';
import type { ClusterTarget } from '../kubernetes/remote/kubeconfig.ts';
import { reachCluster, type Reach } from './reach.ts';
import { watchSentence } from './watch-sentence.ts';
import { WATCHED } from './watched.ts';

/** What is shown of a session, of our own controller or of one that is watched. */
export type ShownRun = Pick<RunSession, Exclude<keyof RunSession, 'controllers' | 'debugTarget'>> & {
  /** Of our own controller: what a debugger attaches to. */
  readonly debugTarget?: DebugTarget;
  /** What matters most now, where that is more than the bars show. */
  readonly sentence?: string;
  /** Of a watch: what is found in all that has been read. */
  readonly explanation?: Explanation;
};

export interface WatchHooks {
  readonly onConnection?: (status: ConnectionStatus) => void;
  /** The trace has become too long to be shown. */
  readonly onFull?: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** What a watch showed when it was last looked at. */
interface Looked {
  readonly sentence: string;
  readonly explanation: Explanation;
  readonly unseen: string;
  /** When, and how long it took: in milliseconds of this process. */
  readonly atMs: number;
  readonly tookMs: number;
}

/** How far back the controller's log is read. */
const SINCE_S = 600;
/** Looking takes at most this part of the time, and happens no more often than each second. */
const SHARE = 20;

/** What the controller of a cluster does, as a session that is shown like those in which our own reconciler runs. */
export class WatchSession implements ShownRun {
  readonly settings: RunSettings = { ...DEFAULT_SETTINGS, mode: WATCHED };
  readonly manifests: ManifestHistory;
  readonly scaleSets: ScaleSets;
  readonly secrets: SecretRegistry;
  readonly atAttach = undefined;
  readonly conditions = undefined;
  readonly creation = undefined;
  readonly takesOver = undefined;
  readonly differences = undefined;
  readonly leaseLoss = undefined;
  readonly canCreateRunners = false;
  readonly hasJobs = false;
  readonly held = false;
  readonly #reach: Reach;
  readonly #watch: ClusterWatch;
  #looked: Looked | undefined;

  private constructor(reach: Reach, secrets: SecretRegistry, { onConnection, onFull }: WatchHooks) {
    this.#reach = reach;
    this.secrets = secrets;
    this.#watch = new ClusterWatch({
      ...{ reach, secrets, sinceS: SINCE_S },
      ...(onConnection === undefined ? {} : { onConnection }),
      ...(onFull === undefined ? {} : { onFull }),
    });
    const { caches, trace, table } = this.#watch;
    this.manifests = new ManifestHistory(() => caches);
    const epochMs = Date.parse(trace.header.start);
    this.scaleSets = new ScaleSets(
      () => this.nowUs(),
      () => epochMs,
      table.index,
    );
    const runners = this.#watch.cacheOf(EphemeralRunners);
    if (runners === undefined) return;
    const pods = this.#watch.cacheOf(Pods);
    this.scaleSets.follow({
      scaleSets: this.#watch.cacheOf(AutoscalingRunnerSets),
      listeners: this.#watch.cacheOf(AutoscalingListeners),
      sets: this.#watch.cacheOf(EphemeralRunnerSets),
      pods: pods === undefined ? [] : [pods],
      runners,
    });
  }

  /** @throws KubeconfigError, PreflightError; the signal's reason when it was aborted meanwhile */
  static async open(target: ClusterTarget, hooks: WatchHooks): Promise<WatchSession> {
    const secrets = new SecretRegistry();
    const reach = await reachCluster(target, secrets, hooks.signal);
    return new WatchSession(reach, secrets, hooks);
  }

  get table(): RunnerTable {
    return this.#watch.table;
  }

  get trace(): TraceLog {
    return this.#watch.trace;
  }

  get where(): string {
    const { contextName, namespace } = this.#reach;
    return `${contextName} · ${namespace === '' ? t('all namespaces') : namespace}`;
  }

  /** What matters most now, in one sentence. */
  get sentence(): string {
    return this.#look().sentence;
  }

  /** What is found in all that has been read; the verdict is the sentence. */
  get explanation(): Explanation {
    return this.#look().explanation;
  }

  get unreadable(): string {
    return this.#look().unseen;
  }

  /** Runners may be older than the watch, by days. */
  get originUs(): number {
    return 0;
  }

  get queueLength(): number {
    return 0;
  }

  get connection(): ConnectionStatus {
    return this.#watch.connection;
  }

  get blindSinceUs(): number | undefined {
    return this.#watch.blindSinceUs;
  }

  nowUs(): number {
    return this.#watch.nowUs();
  }

  reconnect(): void {
    this.#watch.reconnect();
  }

  podEvents(key: string): Promise<readonly KubernetesEvent[]> {
    const uid = this.table.pod(key)?.metadata.uid;
    const events = [...(this.#watch.cacheOf(Events)?.entries() ?? [])].map(([, event]) => event);
    return Promise.resolve(events.filter(({ involvedObject }) => uid !== undefined && involvedObject.uid === uid));
  }

  stop(): Promise<void> {
    if (this.trace.endedUs === undefined) this.#looked = lookAt(this.#watch);
    this.#watch.dispose();
    return Promise.resolve();
  }

  /** It does not rest: the cluster goes on. */
  watchRest(): void {
    return;
  }

  release(): void {
    return;
  }

  changeConditions(): void {
    throw new Error(ONLY_WATCHED());
  }

  queueJobs(): void {
    throw new Error(ONLY_WATCHED());
  }

  troubleListener(): void {
    throw new Error(ONLY_WATCHED());
  }

  reconcileNow(): void {
    throw new Error(ONLY_WATCHED());
  }

  createRunners(): Promise<void> {
    return Promise.reject(new Error(ONLY_WATCHED()));
  }

  deleteRunner(): Promise<void> {
    return Promise.reject(new Error(ONLY_WATCHED()));
  }

  #look(): Looked {
    const known = this.#looked;
    const isOver = this.trace.endedUs !== undefined;
    if (known !== undefined && (isOver || performance.now() - known.atMs < Math.max(1_000, SHARE * known.tookMs))) {
      return known;
    }
    return (this.#looked = lookAt(this.#watch));
  }
}

function lookAt(watch: ClusterWatch): Looked {
  const atMs = performance.now();
  const state = watch.state();
  const sentence = watchSentence(state);
  const isHealthy = state.explanation.isHealthy && state.heldForLong.length === 0;
  const explanation = { ...state.explanation, isHealthy, verdict: sentence };
  return { sentence, explanation, unseen: state.unseen.join(' '), atMs, tookMs: performance.now() - atMs };
}

const ONLY_WATCHED = (): string => t('This session only watches: nothing is reconciled or changed.');

import { ActionsClientCache } from '../actions/client-cache.ts';
import type { Clock } from '../base/clock.ts';
import type { HttpTransport } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { EphemeralRunners, Pods, type Resource } from '../kubernetes/resource.ts';
import { HOOK_OWNER_LABEL } from '../reconciler/names.ts';
import { reconcileEphemeralRunner } from '../reconciler/reconcile.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { Manager } from '../runtime/manager.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { Driver } from '../runtime/pass.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { ObserverList } from '../model/observer-list.ts';
import type { LabSettings } from './settings.ts';
import { TraceRecorder, type LabLogLine } from '../model/trace-recorder.ts';

/** What a lab may be told of, and may put in between, while its controller runs. */
export interface ControllerHooks {
  readonly onLogLine?: (line: LabLogLine) => void;
  /** Called when the trace has one more completed event. */
  readonly onEvent?: () => void;
  /** Told of passes besides the trace. */
  readonly observers?: readonly PassObserver[];
  /** A list or watch failed; it is tried again. */
  readonly onWatchError?: (resource: Resource, error: ApiError) => void;
  readonly wrapDriver?: (driver: Driver) => Driver;
  /** Looks at the cluster and reconciles nothing until the manager is released. */
  readonly held?: boolean;
  /** Those that the settings may name. */
  readonly releases?: ReleaseList;
}

export interface ManagedCluster {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly http: HttpTransport;
  /** All namespaces for ''. */
  readonly namespace: string;
  readonly settings: LabSettings;
  readonly epochMs: number;
  readonly secrets: SecretRegistry;
  readonly trace: TraceLog;
}

/** Starts the EphemeralRunner controller on a cluster; what it does goes to the trace. */
export function manageRunners(on: ManagedCluster, hooks: ControllerHooks): Manager {
  const { clock, secrets, settings } = on;
  const { onLogLine, onEvent, onWatchError, wrapDriver, held = false, observers = [], releases = RELEASES } = hooks;
  const release = releases.get(settings.mode);
  const clients = new ActionsClientCache(secrets, release.actions);
  const recorder = new TraceRecorder({
    clock,
    log: on.trace,
    secrets,
    ...(onLogLine === undefined ? {} : { onLogLine }),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  const manager = new Manager({
    clock,
    cluster: on.cluster,
    http: on.http,
    namespace: on.namespace,
    reconcile: (key) => reconcileEphemeralRunner(key, release, clients),
    primary: EphemeralRunners,
    owned: Pods,
    ownedLabelIndex: HOOK_OWNER_LABEL,
    backoff: release.backoff,
    workers: settings.workers,
    qps: settings.qps,
    burst: settings.burst,
    epochMs: on.epochMs,
    held,
    observer: observers.length === 0 ? recorder : new ObserverList([recorder, ...observers]),
    ...(onWatchError === undefined ? {} : { onWatchError }),
    ...(wrapDriver === undefined ? {} : { wrapDriver }),
  });
  recorder.follow(manager.primary, manager.owned, manager.controller.queue);
  return manager;
}

/**
 * Takes no new passes, waits for those in progress, and ends the trace: what is open then stays so in it.
 * @param patienceMs how long passes in progress may take to end
 */
export async function endRun(manager: Manager, trace: TraceLog, clock: Clock, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
  await Promise.race([manager.stop(), patience]);
  clearTimeout(timer);
  trace.end(clock.nowUs());
}

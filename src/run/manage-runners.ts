import { t } from '@vscode/l10n';
import { ActionsClientCache } from '../actions/client-cache.ts';
import type { Clock } from '../base/clock.ts';
import type { HttpTransport } from '../base/http.ts';
import { messageOf } from '../base/message.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { EphemeralRunners, Pods, type Resource } from '../kubernetes/resource.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { EPHEMERAL_RUNNER, ephemeralRunnerController } from '../reconciler/controller.ts';
import { autoscalingListenerController } from '../reconciler/autoscaling-listener/controller.ts';
import { autoscalingRunnerSetController } from '../reconciler/autoscaling-runner-set/controller.ts';
import type { ProcessOptions } from '../reconciler/process-options.ts';
import { ephemeralRunnerSetController } from '../reconciler/runner-set/controller.ts';
import type { Release } from '../reconciler/releases/release.ts';
import { RUNNER_UNREGISTRATION, unregistrationController, UnregistrationQueue } from '../reconciler/unregistration.ts';
import { unreadable } from '../reconciler/unreadable.ts';
import { Controllers } from '../runtime/controllers.ts';
import { TypedCluster } from '../runtime/typed-cluster.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { Driver } from '../runtime/pass.ts';
import { limitersFor } from '../runtime/rate-limiter.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { MetricsServer } from '../model/metrics-server.ts';
import type { Environment } from './environment.ts';
import type { RunSettings } from './settings.ts';
import { addScaleSetMetrics } from '../model/scale-set-metrics.ts';
import { ScaleSetRecorder } from '../model/scale-set-recorder.ts';
import type { TraceDetail } from '../model/runner-recorder.ts';
import { TraceRecorder, type ControllerLogLine } from '../model/trace-recorder.ts';

/** What a run can observe, and put in between, while its controller runs. */
export interface ControllerHooks {
  readonly onLogLine?: (line: ControllerLogLine) => void;
  /** Called when the trace has one more completed event. */
  readonly onEvent?: () => void;
  /** Hears of passes in addition to the trace. */
  readonly observers?: readonly PassObserver[];
  /** A list or watch failed; it is tried again. */
  readonly onWatchError?: (resource: Resource, error: ApiError) => void;
  /** Serves figures of the controllers until the run ends; it is the run's own from now on. */
  readonly metrics?: MetricsServer | undefined;
  readonly wrapDriver?: (driver: Driver) => Driver;
  /** The same for the processes of listeners, whose passes are counted apart. */
  readonly wrapListener?: (driver: Driver) => Driver;
  /** How much of what happens the trace keeps; everything without it. */
  readonly detail?: TraceDetail | undefined;
  /** Looks at the cluster and reconciles nothing until the controllers are started. */
  readonly held?: boolean;
  /** Those that the settings may name. */
  readonly releases?: ReleaseList;
}

/** Who works on a cluster: a release with its settings and, where the whole of ARC runs, what its process is started with. */
export interface Manager {
  readonly settings: RunSettings;
  readonly process?: ProcessOptions | undefined;
}

/** What writes the trace, from one process of controllers to the next. */
export interface Recorders {
  readonly passes: TraceRecorder;
  readonly scaleSets: ScaleSetRecorder;
}

/** Those of a run. */
export function recordersOf(
  { clock, trace, secrets }: Pick<ManagedCluster, 'clock' | 'trace' | 'secrets'>,
  { detail, onLogLine, onEvent }: ControllerHooks,
): Recorders {
  const passes = new TraceRecorder({
    ...{ clock, log: trace, secrets, detail },
    ...(onLogLine === undefined ? {} : { onLogLine }),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  return { passes, scaleSets: new ScaleSetRecorder(clock, trace) };
}

interface ManagedCluster extends Pick<Environment, 'source'>, Manager {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly http: HttpTransport;
  /** All namespaces for ''. */
  readonly namespace: string;
  readonly epochMs: number;
  readonly secrets: SecretRegistry;
  readonly trace: TraceLog;
  readonly recorders: Recorders;
  /** Whether EphemeralRunnerSets are reconciled too. */
  readonly reconcilesSets?: boolean | undefined;
}

/** Makes the controllers of a cluster and, unless they are held, starts them; what they do goes to the trace. */
export function manageRunners(on: ManagedCluster, hooks: ControllerHooks): Controllers {
  const { clock, secrets, settings, source, trace, recorders } = on;
  const { onLogLine, metrics, observers = [], releases = RELEASES } = hooks;
  const release = releases.get(settings.mode);
  const { workers, qps, burst, workqueueRateLimiter } = settings;
  const limiter = limitersFor(workqueueRateLimiter, release.backoff);
  const clients = new ActionsClientCache(secrets, release.actions);
  const unregistration = release.switches.has(4664) ? new UnregistrationQueue() : undefined;
  const specs = [ephemeralRunnerController({ release, clients, workers, limiter, unregistration })];
  if (unregistration !== undefined) {
    specs.push(unregistrationController({ release, clients, workers, limiter, queue: unregistration }));
  }
  const { process } = on;
  if (on.reconcilesSets === true || process !== undefined) {
    specs.push(ephemeralRunnerSetController({ release, clients, limiter }));
  }
  if (process !== undefined) {
    specs.push(autoscalingRunnerSetController({ release, clients, limiter, process }));
    specs.push(autoscalingListenerController({ release, limiter, process }));
  }
  // What somebody else's cluster holds is read as it is; only here another release can have been before.
  const cluster = source === 'embedded' ? typed(clock, on.cluster, release) : on.cluster;
  const controllers = new Controllers(specs, {
    ...{ ...on, cluster },
    qps,
    burst,
    firstPass: trace.passCount,
    onWatchError: hooks.onWatchError,
    wrapDriver: hooks.wrapDriver,
    onListenerError:
      onLogLine &&
      ((error) => {
        const message = t('An observer of this run failed: {0}. What it shows may be incomplete.', messageOf(error));
        onLogLine({
          atUs: clock.nowUs(),
          level: 'error',
          runner: '',
          message: secrets.redact(message),
          fields: undefined,
        });
      }),
  });
  unregistration?.onPush((key) => controllers.named(RUNNER_UNREGISTRATION).queue.add(key, 'runner-deleted'));
  for (const observer of [recorders.passes, ...observers]) controllers.observers.add(observer);
  if (metrics !== undefined) {
    metrics.metrics.observe(
      controllers,
      () => clock.nowUs(),
      source === 'embedded' ? 'embedded' : 'remote',
      release.controllerRuntime,
    );
    controllers.observers.add(metrics.metrics);
  }
  const { caches } = controllers;
  if (metrics !== undefined && (on.reconcilesSets === true || process !== undefined)) {
    addScaleSetMetrics(metrics.metrics.registry, caches, release.switches);
  }
  if (process !== undefined) recorders.scaleSets.follow(caches);
  recorders.passes.follow(caches.of(EphemeralRunners), caches.of(Pods), controllers.named(EPHEMERAL_RUNNER).queue);
  if (hooks.held !== true) controllers.start();
  return controllers;
}

function typed(clock: Clock, cluster: Cluster, { switches }: Release): Cluster {
  return new TypedCluster(clock, cluster, EphemeralRunners, (runner) => unreadable(runner, switches));
}

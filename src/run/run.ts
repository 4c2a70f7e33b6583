import { t } from '@vscode/l10n';
import type { Controllers } from '../runtime/controllers.ts';
import { TraceLog } from '../trace/trace-log.ts';
import { DisposableList } from '../base/disposable.ts';
import type { ConnectionStatus } from '../kubernetes/remote/connection-monitor.ts';
import { observersTogether } from '../listener/observer.ts';
import { ListenerMetrics } from '../model/listener-metrics.ts';
import { ListenerRecorder } from '../model/listener-recorder.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Environment, PodHooks } from './environment.ts';
import { manageRunners, recordersOf, type ControllerHooks, type Manager, type Recorders } from './manage-runners.ts';

/** The grace period of ARC's deployment: what a controller has not done by then after it was asked to stop, it never does. */
const GRACE_US = 10_000_000;
/** For passes in progress, and for undoing what was done to begin. */
const STOP_LIMIT_MS = 60_000;

/** A controller that runs in an environment, from its first watch on, with the trace of what it does. */
export class Run<E extends Environment = Environment> {
  readonly environment: E;
  readonly trace: TraceLog;
  /** Time in the trace at which the first runner's creation is asked for; undefined where runners come from elsewhere. */
  readonly originUs: number | undefined;
  /** When nothing was left to do: a trace that is ended later ends there. Undefined while something happens. */
  restedUs: number | undefined;
  /** Told when other controllers have taken the place of those that ran. */
  onReplaced: () => void = () => undefined;
  readonly #disposables = new DisposableList();
  readonly #hooks: ControllerHooks;
  readonly #recorders: Recorders;
  #controllers: Controllers;
  /** What the controllers that run were made of. */
  #manager: Manager;
  #blindSinceUs: number | undefined;
  #stopped: Promise<void> | undefined;

  /**
   * Starts the controller, and then the pods.
   * @param first who works there first; what the environment says without it
   */
  constructor(environment: E, hooks: ControllerHooks = {}, originUs?: number, first: Manager = environment) {
    const { clock, settings, epochMs, secrets, source, differences, load } = environment;
    this.environment = environment;
    this.#manager = first;
    this.originUs = originUs;
    this.#hooks = hooks;
    this.trace = new TraceLog({
      type: 'header',
      version: 2,
      start: new Date(epochMs).toISOString(),
      release: settings.mode,
      sources: [{ kind: source }],
      settings: { ...settings, ...load, ...(differences === undefined ? {} : { differences }) },
    });
    const { trace } = this;
    if (hooks.metrics !== undefined) this.#disposables.add(hooks.metrics);
    this.#recorders = recordersOf({ clock, trace, secrets }, hooks);
    this.#controllers = clock.enter(() => {
      const controllers = this.#manage(first);
      this.#disposables.add(environment.startPods(podHooks(environment, trace, hooks)));
      return controllers;
    });
  }

  /** Those that run now. */
  get controllers(): Controllers {
    return this.#controllers;
  }

  /**
   * Other controllers take the place of these, as where the image of ARC's deployment is changed: these end their passes, or are killed.
   * @param meanwhile called when they are gone; what it is given starts the others
   * @param graceUs how long their passes may take to end
   */
  replaceControllers(next: Manager, meanwhile: (start: () => void) => void, graceUs = GRACE_US): void {
    const { clock } = this;
    this.#controllers.end(graceUs, () => {
      if (this.hasEnded) return;
      this.#recorders.passes.processEnded(clock.nowUs(), t('its process was stopped'));
      this.#hooks.metrics?.processEnded();
      meanwhile(() => {
        if (this.hasEnded) return;
        this.#controllers = this.#manage(next);
        this.onReplaced();
      });
    });
  }

  /** The controllers' process is killed: its passes end where they are. After a time the same controllers start again. */
  restartControllers(afterUs: number): void {
    this.replaceControllers(this.#manager, (start) => this.clock.schedule(afterUs, start, undefined), 0);
  }

  #manage(manager: Manager): Controllers {
    this.#manager = manager;
    const { settings, process } = manager;
    const { clock, cluster, http, namespace, epochMs, secrets, source, reconcilesSets } = this.environment;
    const on = { clock, cluster, http, namespace, settings, epochMs, secrets, source, process, reconcilesSets };
    const controllers = manageRunners({ ...on, trace: this.trace, recorders: this.#recorders }, this.#hooks);
    this.#disposables.add(controllers);
    return controllers;
  }

  get clock(): E['clock'] {
    return this.environment.clock;
  }

  /** Since when it cannot be seen what the cluster does; undefined while it can. */
  get blindSinceUs(): number | undefined {
    return this.#blindSinceUs;
  }

  /** The trace keeps from when to when the cluster could not be seen. */
  connectionChanged(status: ConnectionStatus): void {
    if (this.trace.endedUs !== undefined) return;
    const sinceUs = this.#blindSinceUs;
    if (sinceUs !== undefined) {
      this.trace.addMark({ at: sinceUs, until: this.clock.nowUs(), what: 'gap', text: 'no connection', basis: 'run' });
    }
    const { epochMs } = this.environment;
    this.#blindSinceUs =
      status.state === 'lost' ? Math.max(0, Math.round((status.sinceMs - epochMs) * 1000)) : undefined;
  }

  /** The run's time; it stands still once nothing is left to do, or the run has ended. */
  get nowUs(): number {
    return this.trace.endedUs ?? this.restedUs ?? this.clock.nowUs();
  }

  /** Whether stop() or end() was called. */
  get hasEnded(): boolean {
    return this.#stopped !== undefined;
  }

  /**
   * Takes no new passes, gives those in progress some time (what is open then stays open in the trace), undoes what was done to begin and closes every connection.
   * @param limitMs when it resolves at the latest; what hangs then goes on by itself
   * @throws the first failure to undo, after everything has been tried
   */
  stop(limitMs = STOP_LIMIT_MS): Promise<void> {
    return (this.#stopped ??= within(this.#stop(), limitMs));
  }

  /** Ends at once, as virtual time does: what is open stays open in the trace. */
  end(): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = Promise.resolve();
    this.trace.end(this.clock.nowUs());
    this.#disposables.dispose();
    void this.environment.close();
  }

  async #stop(): Promise<void> {
    const { clock, patienceMs } = this.environment;
    try {
      await this.controllers.stop(patienceMs * 1000);
      this.connectionChanged({ state: 'connected' });
      this.trace.end(this.restedUs ?? clock.nowUs());
    } finally {
      this.#disposables.dispose();
      await this.environment.close();
    }
  }
}

/** What listeners do goes to the trace and, where there are any, to the metrics. */
function podHooks({ clock, secrets, settings }: Environment, log: TraceLog, hooks: ControllerHooks): PodHooks {
  const { metrics, observers = [], releases = RELEASES, onEvent, wrapListener } = hooks;
  const recorder = new ListenerRecorder({ clock, log, secrets, onEvent });
  const counted = metrics && new ListenerMetrics(metrics.listeners, releases.get(settings.mode).switches);
  return {
    observers: [recorder, ...observers],
    wrapListener,
    listeners: (pod) =>
      observersTogether([recorder.observerOf(pod), ...(counted === undefined ? [] : [counted.observer])]),
  };
}

async function within(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

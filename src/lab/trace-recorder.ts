import type { Clock } from '../base/clock.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { ApiObject, EphemeralRunner, Pod } from '../kubernetes/types.ts';
import type { LogEffect } from '../runtime/effects.ts';
import type { Informer } from '../runtime/informer.ts';
import type { PassObserver, RequestTarget } from '../runtime/observer.ts';
import type { Outcome, PassInProgress } from '../runtime/pass.ts';
import type { PodState } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A log line of the controller as it happened. */
export interface LabLogLine {
  readonly atUs: number;
  readonly level: 'info' | 'error';
  readonly runner: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

export interface TraceRecorderOptions {
  readonly clock: Clock;
  readonly log: TraceLog;
  readonly secrets: SecretRegistry;
  readonly onLogLine?: (line: LabLogLine) => void;
  /** Called when the log has one more completed event. */
  readonly onEvent?: () => void;
}

/** Writes what passes do, and what becomes of runners and pods, to a trace; texts are cleared of credentials. */
export class TraceRecorder implements PassObserver {
  readonly #options: TraceRecorderOptions;
  readonly #log: TraceLog;
  /** Number in the trace of each worker's pass in progress. */
  readonly #current: number[] = [];
  readonly #states = new Map<string, { phase: string; runnerId: number; pod: PodState }>();

  constructor(options: TraceRecorderOptions) {
    this.#options = options;
    this.#log = options.log;
  }

  passStarted(pass: PassInProgress, atUs: number): void {
    const { key, worker, attempt, trigger, queuedUs, readyUs } = pass;
    this.#current[worker] = this.#log.beginPass(key, worker, attempt, trigger, queuedUs, readyUs, atUs);
  }

  phaseStarted(pass: PassInProgress, name: string, atUs: number): void {
    this.#log.beginPhase(this.#current[pass.worker] as number, name, atUs);
  }

  requestEnded(
    pass: PassInProgress,
    to: RequestTarget,
    verb: string,
    resource: string,
    name: string,
    status: number,
    throttledUs: number,
    startedUs: number,
    endedUs: number,
  ): void {
    const current = this.#current[pass.worker] as number;
    this.#log.addRequest(current, to, verb, resource, name, status, throttledUs, startedUs, endedUs);
  }

  logged(pass: PassInProgress, effect: LogEffect, atUs: number): void {
    const { level, message, fields } = effect;
    this.#options.onLogLine?.({ atUs, level, runner: pass.key, message, fields });
  }

  passEnded(pass: PassInProgress, outcome: Outcome, atUs: number): void {
    const current = this.#current[pass.worker] as number;
    const afterUs = outcome.kind === 'requeue-after' ? outcome.afterUs : 0;
    let error: string | null = null;
    if (outcome.kind === 'error') {
      error = this.#options.secrets.redact(describeError(outcome.error));
      this.#options.onLogLine?.({
        atUs,
        level: 'error',
        runner: pass.key,
        message: 'Reconciler error',
        fields: { error },
      });
    }
    this.#log.endPass(current, outcome.kind, afterUs, error, atUs);
    this.#options.onEvent?.();
  }

  /** Follows the caches, which is what the controller knows of runners and pods. */
  follow(runners: Informer<ApiObject>, pods: Informer<ApiObject>): void {
    runners.listen((event, key, object) => {
      const { status } = object as EphemeralRunner;
      const pod = this.#states.get(key)?.pod ?? 'none';
      this.#note(key, status?.phase ?? '', status?.runnerId ?? 0, pod, event === 'deleted');
    });
    pods.listen((event, key, object) => {
      const known = this.#states.get(key);
      // Pods of others are many, and looking into them costs.
      if (known === undefined) return;
      const state = event === 'deleted' ? 'deleted' : podState(object as Pod);
      this.#note(key, known.phase, known.runnerId, state, false);
    });
  }

  #note(key: string, phase: string, runnerId: number, pod: PodState, deleted: boolean): void {
    const known = this.#states.get(key);
    if (deleted) this.#states.delete(key);
    else if (known === undefined) this.#states.set(key, { phase, runnerId, pod });
    else if (known.phase === phase && known.runnerId === runnerId && known.pod === pod) return;
    else {
      known.phase = phase;
      known.runnerId = runnerId;
      known.pod = pod;
    }
    this.#log.addRunnerEvent(key, this.#options.clock.nowUs(), phase, runnerId, pod, deleted);
    this.#options.onEvent?.();
  }
}

export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const STATE_OF_PHASE: Readonly<Record<string, PodState>> = {
  Running: 'running',
  Succeeded: 'succeeded',
  Failed: 'failed',
};

function podState({ status }: Pod): PodState {
  const known = STATE_OF_PHASE[status?.phase ?? ''];
  return known ?? (status?.containerStatuses === undefined ? 'created' : 'pending');
}

import { operationOf } from '../../../src/actions/operations.ts';
import type { JobEvent } from '../../../src/actions/job.ts';
import type { ScaleSetStatistics } from '../../../src/actions/scale-set.ts';
import type { HttpResponse } from '../../../src/base/http.ts';
import { EphemeralRunnerSets, type Resource } from '../../../src/kubernetes/resource.ts';
import type { Switches } from '../../../src/reconciler/releases/switches.ts';
import type { ReconcileEffect } from '../../../src/runtime/effects.ts';
import type { Driver } from '../../../src/runtime/pass.ts';
import type { PassRecord } from '../../../src/runtime/pass-record.ts';

export interface RunnerLimits {
  readonly minRunners: number;
  readonly maxRunners: number;
}

/** What one listener has been told and has done. */
interface ListenerView {
  /** Jobs of its last message that it has not acquired. */
  readonly offered: Set<number>;
  lastPatchId: number;
  /** Jobs that the service said last to be the scale set's. */
  assigned: number;
}

/** Looks on at listeners, and notes what must never be. */
export class ListenerWitness {
  readonly violations: string[] = [];
  /** Jobs whose message was deleted before they were acquired. */
  readonly lost = new Set<number>();
  /** When a listener last asked for a message; microseconds. */
  polledUs = -Infinity;
  readonly #switches: Switches;
  readonly #limits: readonly RunnerLimits[];
  readonly #nowUs: () => number;
  readonly #views = new WeakMap<PassRecord, ListenerView>();

  /** @param limits those that the scale set has had so far */
  constructor(switches: Switches, limits: readonly RunnerLimits[], nowUs: () => number) {
    this.#switches = switches;
    this.#limits = limits;
    this.#nowUs = nowUs;
  }

  wrap(driver: Driver): Driver {
    return {
      perform: (effect, pass, reply) => {
        let view = this.#views.get(pass);
        if (view === undefined) {
          view = { offered: new Set(), lastPatchId: 0, assigned: 0 };
          this.#views.set(pass, view);
        }
        const known = view;
        this.#asks(known, effect);
        driver.perform(effect, pass, {
          resume: (answer) => {
            if (effect.kind === 'http') this.#answered(known, effect.operation, answer as HttpResponse);
            reply.resume(answer);
          },
          fail: (error) => reply.fail(error),
        });
      },
    };
  }

  #asks(view: ListenerView, effect: ReconcileEffect): void {
    if (effect.kind === 'http') {
      const call = operationOf(effect.request.method, effect.request.url);
      if (call?.operation === 'get-message') this.polledUs = this.#nowUs();
      if (call?.operation === 'delete-message' && !this.#switches.has(4383) && view.offered.size > 0) {
        this.violations.push(`a listener deletes message ${call.part} before it has acquired its jobs`);
      }
    } else if (effect.kind === 'kubernetes' && effect.request.resource === (EphemeralRunnerSets as Resource)) {
      const { spec } = effect.request.body as { readonly spec: { replicas?: number | null; patchID?: number } };
      this.#decides(view, spec.replicas ?? 0, spec.patchID ?? 0);
    }
  }

  #decides(view: ListenerView, replicas: number, patchId: number): void {
    if (!this.#limits.some(({ minRunners, maxRunners }) => replicas >= minRunners && replicas <= maxRunners)) {
      this.violations.push(`a listener asks for ${replicas} runners, which the scale set's limits never allowed`);
    }
    const { assigned } = view;
    const enough = this.#limits.map(({ minRunners, maxRunners }) => Math.min(minRunners + assigned, maxRunners));
    if (replicas < Math.min(...enough)) {
      this.violations.push(`a listener asks for ${replicas} runners, and the scale set has ${assigned} jobs`);
    }
    if (patchId !== 0 && patchId <= view.lastPatchId) {
      this.violations.push(`a listener numbers a decision ${patchId} after ${view.lastPatchId}`);
    }
    if (patchId !== 0) view.lastPatchId = patchId;
  }

  #answered(view: ListenerView, operation: string, { status, body }: HttpResponse): void {
    const { offered } = view;
    if (status === 200 && (operation === 'create-session' || operation === 'get-message')) {
      view.assigned = parsed(body)?.statistics?.totalAssignedJobs ?? view.assigned;
    }
    if (status === 200 && operation === 'get-message') {
      offered.clear();
      for (const id of availableIn(body)) offered.add(id);
    } else if (status === 204 && operation === 'delete-message') for (const id of offered) this.lost.add(id);
    else if (status === 200 && operation === 'acquire-jobs') {
      for (const id of offered) this.lost.delete(id);
      offered.clear();
    }
  }
}

interface Answer {
  readonly body?: string;
  readonly statistics?: ScaleSetStatistics;
}

/** Undefined for an answer that cannot be read. */
function parsed(text: string): Answer | undefined {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as Answer;
  } catch {
    return undefined;
  }
}

/** Ids of the jobs that a message offers. */
function availableIn(text: string): number[] {
  return (JSON.parse(parsed(text)?.body ?? '[]') as readonly JobEvent[])
    .filter(({ messageType }) => messageType === 'JobAvailable')
    .map(({ runnerRequestId }) => runnerRequestId);
}

import { operationOf } from '../actions/operations.ts';
import type { JobEvent } from '../actions/job.ts';
import type { ScaleSetStatistics } from '../actions/scale-set.ts';
import { jobsText, runnersText } from '../base/count-words.ts';
import type { HttpResponse } from '../base/http.ts';
import { EphemeralRunnerSets, type Resource } from '../kubernetes/resource.ts';
import type { Release } from '../reconciler/releases/release.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import type { PassWatch } from './pass-watch.ts';

export interface RunnerLimits {
  readonly minRunners: number;
  readonly maxRunners: number;
}

/** Looks at one listener, from its beginning: by the jobs that it hears of, and by what it asks for. */
export class ListenerWatch implements PassWatch {
  /** Jobs of its last message that it has not acquired. */
  readonly offered = new Set<number>();
  readonly #release: Pick<Release, 'switches'>;
  readonly #limits: () => readonly RunnerLimits[];
  #lastPatchId = 0;
  /** Jobs that the service said last to be the scale set's. */
  #assigned = 0;

  /** @param limits those that the scale set has had so far; where they are not known, none */
  constructor(release: Pick<Release, 'switches'>, limits: () => readonly RunnerLimits[]) {
    this.#release = release;
    this.#limits = limits;
  }

  asks(effect: ReconcileEffect): readonly string[] {
    if (effect.kind === 'http') {
      const call = operationOf(effect.request.method, effect.request.url);
      const isTooEarly = !this.#release.switches.has(4383) && this.offered.size > 0;
      return call?.operation === 'delete-message' && isTooEarly
        ? [`a listener deletes message ${call.part} before it has acquired its jobs`]
        : [];
    }
    if (effect.kind !== 'kubernetes' || effect.request.resource !== (EphemeralRunnerSets as Resource)) return [];
    const { spec } = effect.request.body as { readonly spec: { replicas?: number | null; patchID?: number } };
    return this.#decides(spec.replicas ?? 0, spec.patchID ?? 0);
  }

  answered(effect: ReconcileEffect, answer: unknown): void {
    if (effect.kind !== 'http') return;
    const { operation } = effect;
    const { status, body } = answer as HttpResponse;
    if (status !== 200) return;
    if (operation === 'create-session' || operation === 'get-message') {
      this.#assigned = parsed(body)?.statistics?.totalAssignedJobs ?? this.#assigned;
    }
    if (operation === 'get-message') {
      this.offered.clear();
      for (const id of availableIn(body)) this.offered.add(id);
    } else if (operation === 'acquire-jobs') this.offered.clear();
  }

  #decides(replicas: number, patchId: number): readonly string[] {
    const limits = this.#limits();
    const assigned = this.#assigned;
    const broken: string[] = [];
    const isAllowed = limits.some(({ minRunners, maxRunners }) => replicas >= minRunners && replicas <= maxRunners);
    if (limits.length > 0 && !isAllowed) {
      broken.push(`a listener asks for ${runnersText(replicas)}, which the scale set's limits never allowed`);
    }
    const enough = limits.map(({ minRunners, maxRunners }) => Math.min(minRunners + assigned, maxRunners));
    if (limits.length > 0 && replicas < Math.min(...enough)) {
      broken.push(`a listener asks for ${runnersText(replicas)}, and the scale set has ${jobsText(assigned)}`);
    }
    if (patchId !== 0 && patchId <= this.#lastPatchId) {
      broken.push(`a listener numbers a decision ${patchId} after ${this.#lastPatchId}`);
    }
    if (patchId !== 0) this.#lastPatchId = patchId;
    return broken;
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

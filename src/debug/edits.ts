import { t } from '@vscode/l10n';
import { groupBy } from '../base/group.ts';
import { HttpTransportError, type HttpRequest, type HttpResponse } from '../base/http.ts';
import { ApiError, reasonFor } from '../kubernetes/api-error.ts';
import type { ApiRequest } from '../kubernetes/cluster.ts';
import type { ConditionsChange } from '../run/conditions-control.ts';
import type { Happening } from '../run/happenings.ts';
import { meanwhile, type EmbeddedRun } from '../run/start-embedded.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import type { Deed, Moment } from './moments.ts';

/** What an effect is answered in place of what it would get. */
export type Replacement =
  /** The request is sent and refused; the answer comes after `delayUs`. */
  | { readonly kind: 'status'; readonly status: number; readonly message?: string; readonly delayUs: number }
  /** What is asked for is done, and the pass hears another answer. */
  | { readonly kind: 'value'; readonly value: unknown }
  /** The request is carried out, and its answer comes this much later. */
  | { readonly kind: 'late'; readonly delayUs: number }
  /** The request is carried out, and its answer is lost on the way. */
  | { readonly kind: 'lost' }
  /** The request is not carried out and never answered: the worker hangs. */
  | { readonly kind: 'never' };

/** What is changed in a run, at the moment before an effect is performed; from there on it is another future. */
export type Edit =
  | { readonly kind: 'answer'; readonly moment: Moment; readonly replacement: Replacement }
  /** What a user does: the request goes straight to the API server. */
  | { readonly kind: 'user'; readonly moment: Moment; readonly request: ApiRequest }
  /** What nodes or GitHub do. */
  | { readonly kind: 'happening'; readonly moment: Moment; readonly happening: Happening }
  | { readonly kind: 'conditions'; readonly moment: Moment; readonly change: ConditionsChange }
  /** Latencies are drawn by another seed from here on. */
  | { readonly kind: 'reseed'; readonly moment: Moment; readonly seed: number };

/** Whether the effect is answered from outside the process, so that its answer can be refused, late or lost. */
export function isRequest(effect: Deed): boolean {
  return effect.kind === 'kubernetes' || effect.kind === 'http' || effect.kind === 'seen-request';
}

/** Makes edits come true while a run goes on. */
export class Editor {
  readonly #byMoment: ReadonlyMap<Moment, readonly Edit[]>;
  readonly #replaced = new Map<ApiRequest | HttpRequest, Replacement>();

  constructor(edits: readonly Edit[]) {
    this.#byMoment = groupBy(edits, ({ moment }) => moment);
  }

  /** Stands between the run's clients and their servers from now on. */
  attach({ environment: { cluster, http }, clock }: EmbeddedRun): void {
    if (this.#byMoment.size === 0) return;
    cluster.intercept = (request, done) => {
      const by = this.#take(request);
      if (by?.kind === 'status') clock.schedule(by.delayUs, done, refusal(request, by));
      else if (by?.kind === 'late') cluster.send(request, (reply) => clock.schedule(by.delayUs, done, reply));
      else if (by?.kind === 'lost') cluster.send(request, () => done(new ApiError(0, 'Unknown', LOST())));
      return by !== undefined;
    };
    http.intercept = (request, done) => {
      const by = this.#take(request);
      if (by?.kind === 'status') clock.schedule(by.delayUs, done, response(by));
      else if (by?.kind === 'late') http.send(request, (answer) => clock.schedule(by.delayUs, done, answer));
      else if (by?.kind === 'lost') http.send(request, () => done(new HttpTransportError(LOST())));
      return by !== undefined;
    };
  }

  /**
   * Does what is to be done before an effect is performed, or where a pass ends.
   * @param effect undefined at the end of a pass
   * @returns a value with which the effect is to be answered in place of its own
   */
  before(moment: Moment, effect: ReconcileEffect | undefined, run: EmbeddedRun): { value: unknown } | undefined {
    const { environment } = run;
    let answered: { value: unknown } | undefined;
    for (const edit of this.#byMoment.get(moment) ?? []) {
      if (edit.kind === 'user') environment.cluster.api.handle(edit.request);
      else if (edit.kind === 'happening') meanwhile({ run, happening: edit.happening });
      else if (edit.kind === 'conditions') environment.conditions.change(edit.change);
      else if (edit.kind === 'reseed') {
        environment.cluster.reseed(edit.seed);
        environment.http.reseed(edit.seed);
      } else if (edit.replacement.kind === 'value') answered = { value: edit.replacement.value };
      else if (effect?.kind === 'kubernetes' || effect?.kind === 'http') {
        this.#replaced.set(effect.request, edit.replacement);
      } else throw new Error(t('Only a request can be refused, delayed or lost.'));
    }
    return answered;
  }

  /** A request that is repeated gets its own answer the second time. */
  #take(request: ApiRequest | HttpRequest): Replacement | undefined {
    const asked = this.#replaced.has(request) ? request : this.#pollLike(request);
    const by = asked && this.#replaced.get(asked);
    if (asked !== undefined) this.#replaced.delete(asked);
    return by;
  }

  /** A listener sends its poll as a copy that can be given up. */
  #pollLike(request: ApiRequest | HttpRequest): ApiRequest | HttpRequest | undefined {
    if (!('signal' in request) || this.#replaced.size === 0) return undefined;
    const isSame = (one: ApiRequest | HttpRequest): boolean => 'url' in one && one.url === request.url;
    return [...this.#replaced.keys()].find(isSame);
  }
}

const LOST = (): string => t('the connection was lost before the answer came');

interface Status {
  readonly status: number;
  readonly message?: string;
}

function refusal({ verb }: ApiRequest, { status, message = wordsFor(status) }: Status): ApiError {
  const reason = status === 409 && verb === 'create' ? 'AlreadyExists' : reasonFor(status);
  return new ApiError(status, reason, message);
}

function response({ status, message = wordsFor(status) }: Status): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ typeName: '', message }) };
}

function wordsFor(status: number): string {
  return t('answered with {0} in the debugger', status);
}

import type { Clock } from '../base/clock.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { keyOf, type Pod } from '../kubernetes/types.ts';
import { NOBODY, type ListenerObserver } from '../listener/observer.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { AnsweredRequest, PassRecord, RequestRecord } from '../runtime/pass-record.ts';
import { known } from '../trace/known.ts';
import { LISTENER_KIND } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { answerOf, objectOf } from './request-fields.ts';

interface ListenerRecorderOptions {
  readonly clock: Clock;
  readonly log: TraceLog;
  readonly secrets: Pick<SecretRegistry, 'redact'>;
  /** Called when the log has one more completed event. */
  readonly onEvent?: (() => void) | undefined;
}

/**
 * Writes to a trace what listeners do: each request, long polls included, as one on its own, and each decision as what is
 * known of the listener from then on. A listener's life is one pass of its program, which is not in the trace: no worker of
 * a controller does it.
 */
export class ListenerRecorder implements PassObserver {
  readonly #options: ListenerRecorderOptions;
  /** Rows in the trace of requests that have no answer, by their listeners. */
  readonly #open = new Map<PassRecord, { readonly request: RequestRecord; readonly row: number }>();

  constructor(options: ListenerRecorderOptions) {
    this.#options = options;
  }

  requestStarted(pass: PassRecord, request: RequestRecord): void {
    if (this.#hasEnded) return;
    const { to, verb, resource, throttledUs: throttled, startedUs: started } = request;
    const row = this.#options.log.beginFreeRequest({
      ...{ listener: pass.key, to, verb, resource, ...known({ object: objectOf(request) }) },
      ...{ throttled, started, basis: 'run' },
    });
    this.#open.set(pass, { request, row });
  }

  requestEnded(pass: PassRecord, request: AnsweredRequest): void {
    const open = this.#open.get(pass);
    if (open?.request !== request) return;
    this.#end(
      pass,
      answerOf(request, (text) => this.#options.secrets.redact(text)),
    );
  }

  /** Of a killed listener no request is answered any more. */
  passAborted(pass: PassRecord, atUs: number): void {
    this.#end(pass, { ended: atUs });
  }

  /** Hears what the listener of a pod decides. */
  observerOf(pod: Pod): ListenerObserver {
    const object = keyOf(pod.metadata);
    return {
      ...NOBODY,
      decided: ({ assigned }, { replicas, patchId }) => {
        if (this.#hasEnded) return;
        const { clock, log } = this.#options;
        const decision = { replicas, patchID: patchId, assigned };
        log.addObject({ kind: LISTENER_KIND, object, at: clock.nowUs(), ...decision, basis: 'run' });
        this.#options.onEvent?.();
      },
    };
  }

  #end(pass: PassRecord, answer: Parameters<TraceLog['endFreeRequest']>[1]): void {
    const open = this.#open.get(pass);
    this.#open.delete(pass);
    if (open === undefined || this.#hasEnded) return;
    this.#options.log.endFreeRequest(open.row, answer);
    this.#options.onEvent?.();
  }

  get #hasEnded(): boolean {
    return this.#options.log.endedUs !== undefined;
  }
}

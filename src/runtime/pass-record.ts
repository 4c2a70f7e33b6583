import type { Result } from './effects.ts';
import type { Trigger } from './queued-item.ts';

/** What is known of one run of a key from its beginning; times are the clock's microseconds. */
export interface PassRecord {
  /** Counted over all controllers of a process, from 0, in the order in which passes begin. */
  readonly id: number;
  /** Name of the controller. */
  readonly controller: string;
  /** `namespace/name` of the object. */
  readonly key: string;
  readonly worker: number;
  /** 1 for a first try, one more for each failure or requeue in a row before it. */
  readonly attempt: number;
  readonly trigger: Trigger;
  /** Of the key in the queue; 0 in a queue without priorities. */
  readonly priority: number;
  /** When the key was added, or its delay began. */
  readonly queuedUs: number;
  /** When its delay or back-off had passed. */
  readonly readyUs: number;
  /** When a worker took it. */
  readonly startedUs: number;
}

/** How a pass ended: with a result, or with the error that it threw. */
export type Outcome = Result | { readonly kind: 'error'; readonly error: unknown };

type RequestTarget = 'kubernetes' | 'actions';

/**
 * One try of a request, from its beginning; it is sent when the client's limiter has held it for `throttledUs`, and it has
 * then waited for the Actions client's lock for `lockedUs`.
 */
export interface RequestRecord {
  readonly to: RequestTarget;
  readonly verb: string;
  /** Plural name with `/status` for the subresource; for the Actions service the name of the operation. */
  readonly resource: string;
  /** Of the object; empty where there is none, and for the Actions service. */
  readonly namespace: string;
  /** Name of the object; empty where there is none, and until the answer to a creation whose name the server makes. */
  readonly name: string;
  readonly startedUs: number;
  readonly throttledUs: number;
  readonly lockedUs: number;
}

/** The same record when the answer has come. */
export interface AnsweredRequest extends RequestRecord {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly endedUs: number;
  /** Why it was refused or got no answer, in the server's words; empty where it was answered. */
  readonly message: string;
  /** Whether its sender broke it off, and waited for no answer any more. */
  readonly isBrokenOff: boolean;
}

/** Made when a request begins, completed when it is answered: state about a request can hang on it. */
export class RequestInProgress implements AnsweredRequest {
  readonly to: RequestTarget;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  name: string;
  readonly startedUs: number;
  readonly throttledUs: number;
  readonly lockedUs: number;
  status = 0;
  endedUs = 0;
  message = '';
  isBrokenOff = false;

  constructor(
    to: RequestTarget,
    verb: string,
    resource: string,
    namespace: string,
    name: string,
    startedUs: number,
    throttledUs: number,
    lockedUs = 0,
  ) {
    this.to = to;
    this.verb = verb;
    this.resource = resource;
    this.namespace = namespace;
    this.name = name;
    this.startedUs = startedUs;
    this.throttledUs = throttledUs;
    this.lockedUs = lockedUs;
  }
}

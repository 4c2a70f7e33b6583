import type { HttpRequest, HttpResponse } from './http.ts';

/**
 * Something that a generator wants done and is resumed with the answer of.
 *
 * `const answer = yield* effect` is typed by the effect. An effect is its own iterator and its own iterator result (the
 * generator hands that object through unchanged), so that yielding one allocates nothing besides the effect itself.
 * It is therefore yielded once and not kept.
 */
export abstract class Effect<Answer> implements Iterator<Effect<Answer>, Answer, Answer> {
  abstract readonly kind: string;
  value: unknown;
  done = false;

  [Symbol.iterator](): Iterator<this, Answer, Answer> {
    return this as unknown as Iterator<this, Answer, Answer>;
  }

  next(answer: Answer): IteratorResult<Effect<Answer>, Answer> {
    if (this.value === undefined && !this.done) {
      this.value = this;
    } else {
      this.value = answer;
      this.done = true;
    }
    return this as unknown as IteratorResult<Effect<Answer>, Answer>;
  }

  throw(error: unknown): IteratorResult<Effect<Answer>, Answer> {
    throw error;
  }
}

/** Sends an HTTP request that is not for Kubernetes. Throws HttpTransportError when no answer comes. */
export class HttpEffect extends Effect<HttpResponse> {
  readonly kind = 'http';
  /** What the request is for, as traces name it, for example `generatejitconfig`. */
  readonly operation: string;
  /** The runner the call is about, if it is about one. */
  readonly subject: string;
  readonly request: HttpRequest;

  constructor(operation: string, subject: string, request: HttpRequest) {
    super();
    this.operation = operation;
    this.subject = subject;
    this.request = request;
  }
}

/** Waits while holding the worker. */
export class SleepEffect extends Effect<void> {
  readonly kind = 'sleep';
  readonly delayUs: number;

  constructor(delayUs: number) {
    super();
    this.delayUs = delayUs;
  }
}

/** Waits for a mutex; the holder calls `mutex.release()`. */
export class LockEffect extends Effect<void> {
  readonly kind = 'lock';
  readonly mutex: Mutex;

  constructor(mutex: Mutex) {
    super();
    this.mutex = mutex;
  }
}

/** Asks for the current time in milliseconds since 1970. */
export class WallTimeEffect extends Effect<number> {
  readonly kind = 'wall-time';
}

/** Mutual exclusion between generators; waiters are served first come, first served. */
export class Mutex {
  #held = false;
  #waiting: (() => void)[] = [];

  acquire(granted: () => void): void {
    if (this.#held) this.#waiting.push(granted);
    else {
      this.#held = true;
      granted();
    }
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#held = false;
    else next();
  }
}

/** What code that talks to a service may ask for, wherever it runs. */
export type ServiceEffect = HttpEffect | SleepEffect | LockEffect | WallTimeEffect;

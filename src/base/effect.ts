import type { HttpRequest, HttpResponse } from './http.ts';

/**
 * A request yielded by a generator; the driver resumes the generator with the answer.
 *
 * `const answer = yield* effect` is typed by the effect.
 */
export abstract class Effect<Answer> {
  /** Hears of every effect when it is made, with the code that makes it still on the stack. Only a debugger sets it. */
  static onCreated: ((effect: Effect<unknown>) => void) | undefined;

  abstract readonly kind: string;

  constructor() {
    Effect.onCreated?.(this);
  }

  [Symbol.iterator](): Iterator<this, Answer, Answer> {
    return new Yielded(this) as unknown as Iterator<this, Answer, Answer>;
  }
}

/**
 * Yields an effect and gives its answer. It is its own iterator result, which the generators hand through unchanged: what
 * they look into has one shape, however many kinds of effects there are.
 */
class Yielded {
  value: unknown;
  done = false;
  #isYielded = false;

  constructor(effect: Effect<unknown>) {
    this.value = effect;
  }

  next(answer: unknown): this {
    if (this.#isYielded) {
      this.value = answer;
      this.done = true;
    }
    this.#isYielded = true;
    return this;
  }

  throw(error: unknown): never {
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

/** One about a lock or a kept value, which have names. */
abstract class NamedEffect<Answer> extends Effect<Answer> {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }
}

/**
 * Waits until no other pass holds the lock of this name. Locks and kept values belong to the driver of the effects,
 * so that a pass can be run again from its answers alone.
 */
export class LockEffect extends NamedEffect<void> {
  readonly kind = 'lock';
}

/** Gives back a lock that a LockEffect was answered for. */
export class UnlockEffect extends NamedEffect<void> {
  readonly kind = 'unlock';
}

/** Keeps a value for the passes that follow, in place of the one that was kept under this name. */
export class KeepEffect<T> extends NamedEffect<void> {
  readonly kind = 'keep';
  readonly kept: T;

  constructor(name: string, kept: T) {
    super(name);
    this.kept = kept;
  }
}

/** Asks for the value that a pass has kept under this name; undefined where none has. */
export class RecallEffect<T> extends NamedEffect<T | undefined> {
  readonly kind = 'recall';
}

/** Asks for the current time in milliseconds since 1970. */
export class WallTimeEffect extends Effect<number> {
  readonly kind = 'wall-time';
}

/** What passes share with one another. */
export type SharedEffect = LockEffect | UnlockEffect | KeepEffect<unknown> | RecallEffect<unknown>;

/** What code that talks to a service may ask for, wherever it runs. */
export type ServiceEffect = HttpEffect | SleepEffect | WallTimeEffect | SharedEffect;

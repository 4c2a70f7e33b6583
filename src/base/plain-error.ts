/** Makes an instance of Error without the work that the engine does for a stack, even for one of no frames. */
const Stackless = function (this: Error, message: string) {
  Object.defineProperty(this, 'message', { value: message, writable: true, configurable: true });
} as unknown as new (message: string) => Error;
Stackless.prototype = Object.create(Error.prototype) as Error;

/**
 * An error reported by an API server or a service. It has no stack: a stack would not show the cause, is the expensive
 * part of an error, and bulk runs create millions.
 */
export abstract class PlainError extends Stackless {}

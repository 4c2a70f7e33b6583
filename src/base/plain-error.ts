/**
 * An error that tells what somebody else said: an API server, a service. It has no stack, which would say nothing about
 * the cause and is what makes errors expensive; bulk runs make millions.
 */
export abstract class PlainError extends Error {
  constructor(message: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
  }
}

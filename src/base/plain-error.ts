/**
 * An error reported by an API server or a service. It has no stack: a stack would not show the cause, is the expensive
 * part of an error, and bulk runs create millions.
 */
export abstract class PlainError extends Error {
  constructor(message: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
  }
}

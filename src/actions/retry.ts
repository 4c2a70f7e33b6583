import { HttpEffect, SleepEffect, type ServiceEffect } from '../base/effect.ts';
import { HttpTransportError, type HttpRequest, type HttpResponse } from '../base/http.ts';

/** A part of a pass that talks to the service. */
export type ActionsStep<T> = Generator<ServiceEffect, T, never>;

const MAX_RETRIES = 4;
const MIN_WAIT_US = 1_000_000;
const MAX_WAIT_US = 30_000_000;

/** The answers to a call whose credentials may not be known everywhere yet. */
export function isRefused({ status }: HttpResponse): boolean {
  return status === 401 || status === 403;
}

/**
 * Sends a request and repeats it, holding the worker, after 1, 2, 4 and 8 s when the server fails (5xx but 501), asks to
 * slow down (429) or cannot be reached. Retry-After of a 429 or 503 replaces the wait.
 * @param repeatsRefused whether 401 and 403 are repeated as well; the last such answer is given back
 * @throws Error when the last attempt failed in another way
 */
export function* sendWithRetries(
  operation: string,
  subject: string,
  request: HttpRequest,
  repeatsRefused = false,
): ActionsStep<HttpResponse> {
  for (let attempt = 0; ; attempt++) {
    const isLast = attempt === MAX_RETRIES;
    let failure: string;
    let waitUs = Math.min(MAX_WAIT_US, MIN_WAIT_US * 2 ** attempt);
    try {
      const response = yield* new HttpEffect(operation, subject, request);
      const { status } = response;
      if (isRefused(response) && (isLast || !repeatsRefused)) return response;
      if (!isRefused(response) && status !== 429 && (status < 500 || status === 501)) return response;
      failure = `HTTP ${status}`;
      if (status === 429 || status === 503) waitUs = retryAfterUs(response) ?? waitUs;
    } catch (error) {
      if (!(error instanceof HttpTransportError) || !error.retryable) throw error;
      failure = error.message;
    }
    if (isLast) throw new Error(`${operation} failed ${attempt + 1} times, last with: ${failure}`);
    yield* new SleepEffect(waitUs);
  }
}

function retryAfterUs(response: HttpResponse): number | undefined {
  const seconds = Number(response.headers['retry-after'] ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1e6 : undefined;
}

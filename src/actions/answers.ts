import type { HttpResponse } from '../base/http.ts';

/** Answers as the service writes them. */

export const NO_CONTENT: HttpResponse = { status: 204, headers: {}, body: '' };

export function json(status: number, body: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A list as the service wraps it. */
export function listed(value: readonly unknown[]): HttpResponse {
  return json(200, { count: value.length, value });
}

/** A refusal by an exception of the part of the service that keeps registrations. */
export function registrationException(status: number, name: string, message: string): HttpResponse {
  const space = 'GitHub.DistributedTask.WebApi';
  return json(status, { typeName: `${space}.${name}, ${space}`, message });
}

/** A refusal by an exception of the part of the service that keeps scale sets. */
export function scaleSetException(status: number, name: string, message: string): HttpResponse {
  const space = 'GitHub.Actions.Runtime.WebApi';
  return json(status, { typeName: `${space}.${name}, ${space}`, message });
}

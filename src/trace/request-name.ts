import type { TraceRequest } from './model.ts';

type Request = Pick<TraceRequest, 'verb' | 'resource'>;

/** Calls of the Actions service whose names say what they do: before these no method is said. */
const SAYS_WHAT = /^(get|create|update|delete|refresh|acquire)-/;

/** What stands before the name of what a request is for: `PATCH`; empty where that says it all. */
export function requestMethod({ verb = '', resource = '' }: Request): string {
  return SAYS_WHAT.test(resource) ? '' : verb.toUpperCase();
}

/** What a request is called in a few words: `PATCH ephemeralrunners/status`, `get-message`; empty where neither is known. */
export function requestWord(request: Request): string {
  return [requestMethod(request), request.resource ?? ''].filter((part) => part !== '').join(' ');
}

/** The same, with a word for a request that is not known. */
export function requestName(request: Request): string {
  return requestWord(request) || 'request';
}

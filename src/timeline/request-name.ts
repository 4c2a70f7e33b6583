import type { TraceRequest } from '../trace/model.ts';

/** `PATCH ephemeralrunners/status`; what is not known is left out. */
export function requestName({ verb, resource }: Pick<TraceRequest, 'verb' | 'resource'>): string {
  return [verb?.toUpperCase(), resource].filter((part) => part !== undefined && part !== '').join(' ') || 'request';
}

import type { OpenPass, PassEvent, TraceRequest } from '../trace/model.ts';
import { kindOf } from './kind-of.ts';

/** From what a pass did to the moment at which the pass that it caused was queued. */
interface Arrow {
  readonly fromUs: number;
  readonly toUs: number;
}

/** What queued a pass, according to the trace. */
type Cause =
  /** The previous pass requested a requeue or failed. */
  | { readonly by: 'pass'; readonly pass: PassEvent }
  /** A write of the pass before, whose watch event queued this one. */
  | { readonly by: 'request'; readonly request: TraceRequest };

/**
 * What queued a pass.
 * @param before the object's pass before it
 * @returns undefined where something else did, or where it is not known
 */
export function causeOf(pass: PassEvent | OpenPass, before: PassEvent | undefined): Cause | undefined {
  const { trigger, queued } = pass;
  if (before === undefined || trigger === undefined || queued === undefined) return undefined;
  if (isOwnRequeue(trigger)) return { by: 'pass', pass: before };
  // What an event is of, in the plural that requests have: `pod-updated` comes from a write of `pods`.
  const wanted = `${trigger.replace(/-\w+$/, '')}s`;
  const request = before.requests?.findLast(
    ({ verb, resource, started }) =>
      verb !== undefined &&
      verb !== 'get' &&
      verb !== 'list' &&
      kindOf(resource) === wanted &&
      started !== undefined &&
      started <= queued,
  );
  return request === undefined ? undefined : { by: 'request', request };
}

/** What of a pass caused the next one of its object, and when that was queued. */
export function arrowsOf(pass: PassEvent, next: PassEvent | OpenPass | undefined): Arrow[] {
  const cause = next === undefined ? undefined : causeOf(next, pass);
  const fromUs = cause?.by === 'request' ? cause.request.ended : cause?.pass.ended;
  const toUs = next?.queued;
  return fromUs === undefined || toUs === undefined ? [] : [{ fromUs, toUs }];
}

function isOwnRequeue(trigger: string): boolean {
  return trigger === 'requeue' || trigger === 'requeue-after' || trigger === 'error';
}

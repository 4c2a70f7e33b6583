import type { TraceHeader } from './model.ts';

/** Where our own runs reconcile; any other source is something that was read. */
const OWN: ReadonlySet<string> = new Set(['embedded', 'remote', 'shadow']);

/** Where a trace comes from, in one text: `embedded`, or the kinds of the logs it was made from. */
export function sourceOf({ sources }: TraceHeader): string {
  return [...new Set(sources.map(({ kind }) => kind))].join(', ');
}

/** Whether the trace was made from what somebody else's controller wrote: it ends where that ends, and does not show everything. */
export function isRead({ sources }: TraceHeader): boolean {
  return sources.some(({ kind }) => !OWN.has(kind));
}

/** The steps of the coarsest clock of what a trace was read from, in microseconds; 0 where its times are exact. */
export function clockStepUs({ sources }: TraceHeader): number {
  return Math.max(0, ...sources.map(({ resolutionUs = 0 }) => resolutionUs));
}

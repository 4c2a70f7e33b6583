import type { TraceHeader } from './model.ts';

/** Where a trace comes from, in one text: `embedded`, or the kinds of the logs it was made from. */
export function sourceOf({ sources }: TraceHeader): string {
  return [...new Set(sources.map(({ kind }) => kind))].join(', ');
}

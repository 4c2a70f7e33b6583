import { readStamp, type Moment } from '../moment.ts';

export interface StoreEntry {
  readonly text: string;
  readonly taken: Moment | undefined;
}

/** Where log stores put a line and when they took it; the first that fits counts. */
const SHAPES: readonly { readonly line: string; readonly time: string }[] = [
  { line: 'textPayload', time: 'timestamp' },
  { line: 'jsonPayload', time: 'timestamp' },
  { line: '@message', time: '@timestamp' },
  { line: 'line', time: 'timestamp' },
  { line: 'log', time: 'time' },
  { line: 'message', time: 'timestamp' },
];

/**
 * A line in the record of a log store: Cloud Logging, CloudWatch, Loki, Docker. The store's own severity is not the
 * line's: it depends on the output stream.
 */
export function storeEntry(record: Readonly<Record<string, unknown>>): StoreEntry | undefined {
  for (const { line, time } of SHAPES) {
    const payload = record[line];
    const taken = momentOf(record[time]);
    if (taken === undefined || payload === undefined || payload === null) continue;
    if (typeof payload === 'string') return { text: payload.replace(/\r?\n$/, ''), taken };
    if (typeof payload === 'object') return { text: JSON.stringify(payload), taken };
  }
  return undefined;
}

/** RFC 3339, or milliseconds since 1970. */
function momentOf(value: unknown): Moment | undefined {
  if (typeof value === 'number') return value > 1e11 && value < 1e14 ? { us: value * 1000, withinUs: 999 } : undefined;
  return typeof value === 'string' ? readStamp(value)?.moment : undefined;
}

import { storeEntry, type StoreEntry } from './formats/store-entry.ts';
import { objectsOf } from './json-objects.ts';

interface StoredLine {
  /** Undefined where it is no record of a log store. */
  readonly entry: StoreEntry | undefined;
  readonly line: number;
}

/** Around the records of `aws logs filter-log-events` and `get-log-events`. */
const EVENTS = /^\s*\{\s*"(?:next\w+Token|events)":/;
/** Loki's answer to a query, as its HTTP interface gives it. */
const LOKI = /^\s*\{\s*"status":\s*"success",\s*"data":/;

/** The lines that a log store has put into one JSON text; undefined where it is none of a log store. */
export function storedLines(text: string): Iterable<StoredLine> | undefined {
  if (text.trimStart().startsWith('[')) return ofObjects(text, 0);
  if (EVENTS.test(text)) return ofObjects(text, 1, 'message');
  return LOKI.test(text) ? ofLoki(text) : undefined;
}

/** @param key what a record has; objects without it are not records */
function* ofObjects(text: string, within: number, key?: string): Generator<StoredLine> {
  for (const { value, line } of objectsOf(text, within)) {
    if (key === undefined || key in value) yield { entry: storeEntry(value), line };
  }
}

/** Streams follow one another there; their lines go by time. */
function ofLoki(text: string): StoredLine[] {
  const found: (StoredLine & { readonly since: bigint })[] = [];
  for (const { value, line } of objectsOf(text, 2)) {
    const { values } = value;
    if (!Array.isArray(values)) continue;
    for (const pair of values as unknown[]) {
      const [since, said] = Array.isArray(pair) ? (pair as unknown[]) : [];
      if (typeof since !== 'string' || !/^\d{16,19}$/.test(since) || typeof said !== 'string') continue;
      const taken = { us: Number(BigInt(since) / 1000n), withinUs: 0 };
      found.push({ entry: { text: said.replace(/\r?\n$/, ''), taken }, line, since: BigInt(since) });
    }
  }
  // Within a nanosecond the newest comes first, where the answer is in that order.
  const isBackward = (found[0]?.since ?? 0n) > (found.at(-1)?.since ?? 0n);
  const inOrder = isBackward ? found.reverse() : found;
  return inOrder.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
}

import { isJsonObject, type JsonObject } from '../base/json.ts';
import { objectsOf } from '../base/json-objects.ts';
import { isTimed, momentOf, storeEntry, type StoreEntry } from './formats/store-entry.ts';
import { isClusterObject, isOwnRecord } from './own-line.ts';

interface StoredLine {
  /** Undefined where it is no record of a log store. */
  readonly entry: StoreEntry | undefined;
  readonly line: number;
}

/** Loki's answer to a query, as its HTTP interface gives it. */
const LOKI = /^\s*\{\s*"status":\s*"success",\s*"data":/;
/** The answer of CloudWatch's Logs Insights: a list of fields for each record. */
const INSIGHTS = /^\s*\{\s*"results":\s*\[\s*\[\s*\{\s*"field":/;
/** An array of lines; one with a line each is read as any other file. */
const TEXTS = /^\s*\[\s*"[^\n]*\]\s*$/;
/** In how many objects the records of a store may be: those of OpenTelemetry are in four. */
const DEEPEST = 4;
/** Records lie at one depth; this many objects tell whether it is this one. */
const PROBED = 20;

/** The lines that a log store has put into one JSON text; undefined where it is none of a log store. */
export function storedLines(text: string): Iterable<StoredLine> | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  if (TEXTS.test(text)) return ofTexts(text);
  if (LOKI.test(text)) return ofLoki(text);
  if (INSIGHTS.test(text)) return ofInsights(text);
  for (let within = 0; within <= DEEPEST; within++) {
    let probed = 0;
    for (const { value, text: written } of objectsOf(text, within)) {
      if (isClusterObject(value)) return undefined;
      if (entryOf(value, written) !== undefined) return ofObjects(text, within);
      if (++probed === PROBED) break;
    }
  }
  return undefined;
}

function entryOf(value: JsonObject, written: string): StoreEntry | undefined {
  return storeEntry(value) ?? (isOwnRecord(value) ? { text: written } : undefined);
}

function ofTexts(text: string): StoredLine[] | undefined {
  const line = text.slice(0, text.indexOf('[')).split('\n').length;
  try {
    const texts = (JSON.parse(text) as unknown[]).filter((each) => typeof each === 'string');
    return texts.map((each, index) => ({ entry: { text: each }, line: line + index }));
  } catch {
    return undefined;
  }
}

/** Objects beside the records say nothing of when they were taken. */
function* ofObjects(text: string, within: number): Generator<StoredLine> {
  for (const { value, text: written, line } of objectsOf(text, within)) {
    const entry = entryOf(value, written);
    if (entry !== undefined || isTimed(value)) yield { entry, line };
  }
}

function* ofInsights(text: string): Generator<StoredLine> {
  let time: unknown;
  for (const { value, line } of objectsOf(text, 1)) {
    if (value['field'] === '@timestamp') time = value['value'];
    if (value['field'] !== '@message' || typeof value['value'] !== 'string') continue;
    yield { entry: { text: value['value'].replace(/\r?\n$/, ''), ...utc(time) }, line };
    time = undefined;
  }
}

/** Logs Insights has UTC and does not say so. */
function utc(time: unknown): Pick<StoreEntry, 'taken'> {
  const found = momentOf(time);
  return { taken: found?.taken ?? found?.local };
}

/** The objects that a log store has put into YAML, as gcloud logging read prints it; undefined where none is a record. */
export function storedDocuments(documents: readonly unknown[], text: string): StoredLine[] | undefined {
  const values = documents.flat().filter(isJsonObject);
  const entries = values.map((value) => (isClusterObject(value) ? undefined : storeEntry(value)));
  if (!entries.some((entry) => entry !== undefined)) return undefined;
  const places = [...text.matchAll(/^(?:- )?\s*(?:textPayload|jsonPayload|line|log|message|_raw):/gm)];
  const lines = text.split('\n');
  let [line, seen] = [1, 0];
  return entries.flatMap((entry, index) => {
    const until = places[index]?.index ?? text.length;
    while (line < lines.length && seen + (lines[line - 1] as string).length < until) {
      seen += (lines[line - 1] as string).length + 1;
      line++;
    }
    return entry !== undefined || isTimed(values[index] as JsonObject) ? [{ entry, line }] : [];
  });
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

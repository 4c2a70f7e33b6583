import { isJsonObject } from '../base/json.ts';
import { parsedObject } from '../base/json-objects.ts';
import { documentsOf } from '../kubernetes/manifest-documents.ts';
import { UnreadableError } from './evidence-error.ts';
import type { FileOrder } from './file-order.ts';
import { foldObjects } from './fold-objects.ts';
import { storeEntry } from './formats/store-entry.ts';
import type { LineReader } from './line-reader.ts';
import { isClusterObject, isOwnRecord } from './own-line.ts';
import type { Reading } from './reading.ts';
import { storedDocuments, storedLines } from './stored-lines.ts';

/** How YAML of kubectl and gcloud begins, and JSON over several lines. */
const BEGINNING =
  /^(?:---|apiVersion:|kind:|items:|metadata:|- apiVersion:|(?:- )?insertId:|(?:text|json)Payload:|\{\s*$|\[\s*$|\[\s*[{"]|\{\s*"\w+":\s*[{[]\s*$|\{.*"items":\s*\[\s*$|\{\s*"status":\s*"success",\s*"data":)/;
/** What people paste before it: the call itself, a warning of kubectl's. */
const BEFORE = /^\s*(?:#.*|\$ .*|PS .*> .*|Warning: .*)?\r?$/;
/** Such a file is read as a whole; what is larger is no dump of a namespace. */
const LARGEST = 256e6;
/** In how many objects a store may have put the list of its records. */
const DEEPEST_LIST = 3;

/** Whether it is left open by a line what comes: it is empty, or the call that printed it. */
export function isWrittenBefore(line: string): boolean {
  return BEFORE.test(line);
}

/** Whether a file, or a part of an issue, is one thing and not a line after the other. */
export function isDocument(lines: readonly string[]): boolean {
  const first = lines.find((line) => !isWrittenBefore(line));
  if (first === undefined) return false;
  const text = first.replace(/^\ufeff/, '');
  return BEGINNING.test(text) || (text.startsWith('{') && isWhole(text));
}

/** Whether JSON in one line is an object of a cluster, as jq -c prints it, or holds a list: of objects, or of a store's records. */
function isWhole(text: string): boolean {
  const value = parsedObject(text);
  if (value === undefined || isOwnRecord(value) || storeEntry(value) !== undefined) return false;
  return isClusterObject(value) || isClusterObject(objectOf(value['object'])) || holdsList(value, DEEPEST_LIST);
}

function holdsList(value: unknown, left: number): boolean {
  if (Array.isArray(value)) return typeof value[0] === 'object';
  return isJsonObject(value) && left > 0 && Object.values(value).some((inner) => holdsList(inner, left - 1));
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}

/**
 * @returns whether anything of it is known: otherwise it may be a log that only begins like a document
 * @throws UnreadableError where it is not whole, or too large
 */
export function readDocument(
  reading: Reading,
  source: number,
  { name, text: written }: { readonly name: string; readonly text: string },
  reader: LineReader,
  order: FileOrder,
): boolean {
  if (written.length > LARGEST) throw new UnreadableError(name, 'it is larger than 256 MB and not a log of lines');
  const text = withoutBefore(written);
  const stored = storedLines(text) ?? readObjects(reading, source, { name, text }, reader);
  for (const { entry, line } of stored ?? []) {
    if (entry === undefined) reader.unknown++;
    else {
      order.take(reader.readStored(entry, line), line);
      while (reader.hasMore) order.take(reader.readMore(), reader.lines);
    }
  }
  const isKnown = reader.formats.size > 0 || reader.isRather !== undefined;
  if (isKnown) reader.lines = text.split('\n').length;
  return isKnown;
}

/** @returns the records of a log store that the documents are in place of objects */
function readObjects(
  reading: Reading,
  source: number,
  { name, text }: { readonly name: string; readonly text: string },
  reader: LineReader,
): ReturnType<typeof storedDocuments> {
  try {
    const documents = documentsOf(text);
    const stored = storedDocuments(documents, text);
    if (stored !== undefined) return stored;
    const before = reading.objects.count;
    reader.isRather = foldObjects(reading, source, documents, text);
    const found = reading.objects.count - before;
    if (reader.isRather === undefined && found > 0) reader.formats.set('Kubernetes objects', found);
    return undefined;
  } catch (error) {
    throw new UnreadableError(name, (error as Error).message);
  }
}

/** What was pasted before a document, as empty lines: the numbers of the others stay the same. */
export function withoutBefore(text: string): string {
  let from = text.startsWith('\ufeff') ? 1 : 0;
  let empty = '';
  for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', from)) {
    if (!isWrittenBefore(text.slice(from, end))) break;
    empty += '\n';
    from = end + 1;
  }
  return empty + text.slice(from);
}

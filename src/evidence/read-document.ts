import { documentsOf } from '../kubernetes/manifest-documents.ts';
import { EvidenceError } from './evidence-error.ts';
import type { FileOrder } from './file-order.ts';
import { foldObjects } from './fold-objects.ts';
import type { LineReader } from './line-reader.ts';
import type { Reading } from './reading.ts';
import { storedLines } from './stored-lines.ts';

/** How YAML of kubectl begins, JSON over several lines, and a log store's array. */
const BEGINNING =
  /^(?:---|apiVersion:|kind:|items:|metadata:|- apiVersion:|\{\s*$|\[\s*$|\[\s*\{|\{\s*"events":\s*\[|\{\s*"status":\s*"success",\s*"data":)/;
/** A list of objects as JSON in one line, as kubectl get --raw and jq -c print it; a list of audit events is none. */
const LIST =
  /^\{\s*(?:"apiVersion":\s*"(?!audit\.)[^"]*",\s*(?:"items":|"kind":\s*"\w*List")|"kind":\s*"\w*List",\s*"apiVersion":\s*"(?!audit\.))/;
/** Such a file is read as a whole; what is larger is no dump of a namespace. */
const LARGEST = 256e6;

/** Whether a file is one thing and not a line after the other. */
export function isDocument(lines: readonly string[]): boolean {
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#'));
  if (first === undefined) return false;
  const text = first.replace(/^\ufeff/, '');
  return BEGINNING.test(text) || LIST.test(text);
}

/** @throws EvidenceError where it is not whole, or too large */
export function readDocument(
  reading: Reading,
  source: number,
  { name, text }: { readonly name: string; readonly text: string },
  reader: LineReader,
  order: FileOrder,
): void {
  if (text.length > LARGEST)
    throw new EvidenceError(`${name} cannot be read: it is larger than 256 MB and not a log of lines`);
  const stored = storedLines(text);
  if (stored !== undefined) {
    for (const { entry, line } of stored) {
      if (entry === undefined) reader.unknown++;
      else order.take(reader.readStored(entry, line), line);
    }
  } else {
    try {
      const documents = documentsOf(text);
      reader.isRather = foldObjects(reading, source, documents, text);
    } catch (error) {
      throw new EvidenceError(`${name} cannot be read: ${(error as Error).message}`);
    }
    if (reader.isRather === undefined) reader.formats.set('Kubernetes objects', reading.objects.count);
  }
  reader.lines = text.split('\n').length;
}

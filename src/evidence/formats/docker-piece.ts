import { parsedObject } from '../../base/json-objects.ts';
import { momentOf } from './store-entry.ts';
import type { Unwrapped } from '../unwrap.ts';

/** Docker's json-file driver cuts lines after this many bytes: moby, daemon/logger/copier.go. */
const CUT_BYTES = 16 << 10;
/** Bytes of UTF-8. */
const LONGEST_CHARACTER = 4;
const BEGINNING = '{"log":"';

/**
 * A record of Docker's that holds a piece of a long line: all but the last have no line end. Undefined for any other line.
 * @param isOpen whether pieces came before, so that a short one may be the last
 */
export function dockerPiece(text: string, isOpen: boolean): Unwrapped | undefined {
  if (!text.startsWith(BEGINNING) || (!isOpen && text.length < CUT_BYTES / LONGEST_CHARACTER)) return undefined;
  const { log, time } = parsedObject(text) ?? {};
  // Several lines in one record are whole.
  if (typeof log !== 'string' || log.trimEnd().includes('\n')) return undefined;
  const isPart = !log.endsWith('\n');
  if (isPart && Buffer.byteLength(log) < CUT_BYTES && !isOpen) return undefined;
  return { text: log.replace(/\r?\n$/, ''), isPart, ...momentOf(time) };
}

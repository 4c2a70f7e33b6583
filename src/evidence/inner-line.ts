import { parsedObject } from '../base/json-objects.ts';
import { momentOf, storeEntry, type StoreEntry } from './formats/store-entry.ts';
import { isOwnLine, ownLineWithin } from './own-line.ts';
import { readStamp } from './moment.ts';

/** Longer lines are no line of a log in something else. */
const LONGEST = 4 << 20;
const CODE = /`([^`]+)`/g;
/** A cell of values with commas or semicolons between them: quoted, with quotes doubled, or bare. */
const CELL = /(?:^|[,;])(?:"((?:[^"]|"")*)"|([^",;]*))/g;

/**
 * The line of a program in a line that no format has read: in a record of a log store, in JSON or comma-separated values, or
 * behind what a collector writes before it. Undefined where there is none.
 */
export function innerLine(text: string): StoreEntry | undefined {
  const plain = text.trim();
  if (plain.startsWith('{')) {
    const record = parsedObject(plain.replace(/,$/, ''));
    if (record !== undefined) return storeEntry(record);
  }
  if (text.length > LONGEST) return undefined;
  // As mail and issues quote.
  if (plain.startsWith('> ')) return { text: plain.slice(2) };
  const code = codeIn(plain);
  if (code !== undefined) return { text: code };
  if (plain.startsWith('"')) return quotedLine(plain) ?? cellOf(plain);
  return behindPrefix(text) ?? cellOf(plain);
}

/** A line that a sentence quotes as code. */
function codeIn(text: string): string | undefined {
  if (!text.includes('`')) return undefined;
  return Array.from(text.matchAll(CODE), ([, code = '']) => code).find(isOwnLine);
}

/** A line as a JSON text, as in an array. */
function quotedLine(text: string): StoreEntry | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/,$/, ''));
    return typeof value === 'string' ? { text: value } : undefined;
  } catch {
    return undefined;
  }
}

function cellOf(text: string): StoreEntry | undefined {
  if (!/[,;]/.test(text)) return undefined;
  const cells = Array.from(text.matchAll(CELL), ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare);
  const line = cells.find((cell) => isOwnLine(cell) || parsedObject(cell) !== undefined);
  if (line === undefined || cells.length === 1) return undefined;
  return { text: line, ...cells.map(momentOf).find((time) => time !== undefined) };
}

function behindPrefix(text: string): StoreEntry | undefined {
  const place = ownLineWithin(text);
  if (place < 0) return undefined;
  const stamp = readStamp(text);
  // The AWS command line ends its lines with the time at which the store took them, a table with a bar.
  const line = text.slice(place).replace(/\t\d{13}$|\s\|\s*$/, '');
  return { text: line, ...(stamp?.isZoned === true ? { taken: stamp.moment } : {}) };
}

import { parsedObject } from '../../base/json-objects.ts';
import { isOwnLine, isOwnRecord, ownLineWithin } from '../own-line.ts';
import { readStamp } from '../moment.ts';
import { unwrap } from '../unwrap.ts';

/** How much of lines is as programs write them: 1 for each line that one has begun, and 1 more where all of it is there. */
export function wholeness(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + (line.trim() === '' ? 0 : has(line)), 0);
}

export function isWhole(line: string): boolean {
  return line.trim() === '' || has(line) === 2;
}

/** Whether a line is a record of JSON. */
export function isRecord(line: string): boolean {
  const { text } = unwrap(line);
  return /^\{"(?:severity|level|ts|time)":/.test(text);
}

function has(line: string): number {
  const { text } = unwrap(line);
  const place = isOwnLine(text) ? 0 : ownLineWithin(text);
  if (place < 0) return 0;
  const own = text.slice(place);
  return !COPIED.test(own) && isComplete(own) ? 2 : 1;
}

/** What programs do not write, and ways to copy their lines do. */
const COPIED =
  /[\u00a0\u2000-\u200d\u202f\u2060\u3000\u201c-\u201f]|^\d{4}\/\d\d\/\d\d \S+\s+(?:\d{4}\/|DEBUG|INFO|WARN|ERROR)|&(?:quot|amp|lt|gt|nbsp|#34|#x22);|<\/\w+>\s*$|^[^"]*\\"/;

/** Whether the fields at a line's end can be read, and the time of a record. */
function isComplete(text: string): boolean {
  if (text.startsWith('{')) {
    const record = parsedObject(text);
    const time = record?.['ts'] ?? record?.['time'];
    return record !== undefined && isOwnRecord(record) && (typeof time === 'number' || readStamp(time) !== undefined);
  }
  const fields = text.startsWith('time=') ? undefined : /\s(\{(?:"|\}).*)$/s.exec(text)?.[1];
  if (fields !== undefined) return parsedObject(fields) !== undefined;
  return text.replaceAll(/\\./g, '').split('"').length % 2 === 1 && !/[{\\]\s*$/.test(text);
}

import type { LogRecord } from '../log-record.ts';
import type { Moment } from '../moment.ts';

const HEADER = /^(?:NAMESPACE\s+)?LAST SEEN\s+(?:FIRST SEEN\s+)?(?:COUNT\s+)?.*\bREASON\b.*\bMESSAGE\b/;

/** A row by its words, where the columns are not known or do not fit: lines that were filtered, watched or pasted. */
const ROW =
  /^\s*(?:([\w.-]+)\s+)?(<unknown>|<invalid>|(?:\d+[dhms])+(?: \(x\d+ over (?:\d+[dhms])+\))?)\s+(Normal|Warning)\s+(\w+)\s+([\w.]+\/\S+)\s+(\S.*)$/;

export interface EventRow {
  readonly namespace: string;
  readonly type: string;
  readonly reason: string;
  /** `pod/lark-1` */
  readonly object: string;
  readonly message: string;
  /** How long before the table was printed it was last seen, in seconds; null where that is not known. */
  readonly ageS: number | null;
  /** The same for the first time; null where it was seen once, or that is not known. */
  readonly firstAgeS: number | null;
  readonly count: number;
}

/** What `kubectl get events` prints. Its cells are read by the places of the columns: some are empty. */
export class EventTable {
  #columns: readonly { readonly name: string; readonly from: number; readonly to: number }[] = [];

  /** @param near the time of the line before, as the table has none */
  read(text: string, near: Moment | undefined): LogRecord | undefined {
    const at = near ?? { us: 0, withinUs: 0 };
    if (HEADER.test(text)) {
      const names = [...text.matchAll(/\S+(?: \S+)*/g)];
      this.#columns = names.map(({ 0: name, index }, place) => {
        return { name, from: index, to: names[place + 1]?.index ?? Number.POSITIVE_INFINITY };
      });
      return { at, level: 'info', logger: 'events', message: '', fields: '' };
    }
    const row = this.#byColumns(text) ?? byWords(text);
    if (row === undefined) {
      this.#columns = [];
      return undefined;
    }
    return { at, level: 'info', logger: 'events', message: row.reason, fields: JSON.stringify(row) };
  }

  #byColumns(text: string): EventRow | undefined {
    if (this.#columns.length === 0) return undefined;
    const cell = (wanted: string): string => {
      const column = this.#columns.find(({ name }) => name === wanted);
      return column === undefined ? '' : text.slice(column.from, column.to).trim();
    };
    const [object, reason, seen] = [cell('OBJECT'), cell('REASON'), cell('LAST SEEN')];
    if (!/^\w+\/\S+$/.test(object) || !/^\w+$/.test(reason)) return undefined;
    return {
      ...{ namespace: cell('NAMESPACE'), type: cell('TYPE'), reason, object, message: cell('MESSAGE') },
      ...{ ageS: ageOf(seen), firstAgeS: firstAgeOf(seen, cell('FIRST SEEN')), count: countOf(seen, cell('COUNT')) },
    };
  }
}

function byWords(text: string): EventRow | undefined {
  const match = ROW.exec(text);
  if (match === null) return undefined;
  const [, namespace = '', seen = '', type = '', reason = '', object = '', message = ''] = match;
  return {
    ...{ namespace, type, reason, object, message: message.trim() },
    ...{ ageS: ageOf(seen), firstAgeS: firstAgeOf(seen, ''), count: countOf(seen, '') },
  };
}

function firstAgeOf(lastSeen: string, firstSeen: string): number | null {
  const age = / over ([^)]+)\)/.exec(lastSeen)?.[1] ?? firstSeen;
  return age === '' ? null : ageOf(age);
}

/** `3m`, `2d4h` or `5m (x12 over 9m)` */
function ageOf(cell: string): number | null {
  const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };
  const parts = [...(cell.split(' ')[0] ?? '').matchAll(/(\d+)([dhms])/g)];
  if (parts.length === 0) return null;
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ''] ?? 0), 0);
}

function countOf(lastSeen: string, count: string): number {
  return Number(/\(x(\d+)/.exec(lastSeen)?.[1] ?? (/^\d+$/.test(count) ? count : 1));
}

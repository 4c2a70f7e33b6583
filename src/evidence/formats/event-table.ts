import type { LogRecord } from '../log-record.ts';
import type { Moment } from '../moment.ts';

const HEADER = /^(?:NAMESPACE {2,})?LAST SEEN {2,}(?:FIRST SEEN {2,})?(?:COUNT {2,})?.*\bREASON\b.*\bMESSAGE\b/;

export interface EventRow {
  readonly namespace: string;
  readonly type: string;
  readonly reason: string;
  /** `pod/lark-1` */
  readonly object: string;
  readonly message: string;
  /** How long before the table was printed it was last seen, in seconds; NaN where that is not known. */
  readonly ageS: number;
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
    if (this.#columns.length === 0) return undefined;
    const cell = (wanted: string): string => {
      const column = this.#columns.find(({ name }) => name === wanted);
      return column === undefined ? '' : text.slice(column.from, column.to).trim();
    };
    const row: EventRow = {
      ...{ namespace: cell('NAMESPACE'), type: cell('TYPE'), reason: cell('REASON'), object: cell('OBJECT') },
      ...{ message: cell('MESSAGE'), ageS: ageOf(cell('LAST SEEN')), count: countOf(cell('LAST SEEN'), cell('COUNT')) },
    };
    if (!/^\w+\/\S+$/.test(row.object) || row.reason === '') {
      this.#columns = [];
      return undefined;
    }
    return { at, level: 'info', logger: 'events', message: row.reason, fields: JSON.stringify(row) };
  }
}

/** `3m`, `2d4h` or `5m (x12 over 9m)` */
function ageOf(cell: string): number {
  const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };
  const parts = [...(cell.split(' ')[0] ?? '').matchAll(/(\d+)([dhms])/g)];
  if (parts.length === 0) return NaN;
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ''] ?? 0), 0);
}

function countOf(lastSeen: string, count: string): number {
  return Number(/\(x(\d+)/.exec(lastSeen)?.[1] ?? (/^\d+$/.test(count) ? count : 1));
}

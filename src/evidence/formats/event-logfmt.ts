import { unquoted } from '../fields.ts';
import type { LogRecord } from '../log-record.ts';
import { UNDATED } from '../moment.ts';
import type { EventRow } from './event-table.ts';

const PAIR = /(\w+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g;

/**
 * A Kubernetes event as collectors put it into Loki: `name=lark-1 kind=Pod objectRV=12 eventRV=13 reason=Killing count=1 msg="…"`.
 * Its time is the store's stamp, where there is one.
 */
export function eventLogfmt(text: string): LogRecord | undefined {
  if (!text.startsWith('name=')) return undefined;
  const fields = new Map<string, string>();
  for (const [, key = '', quoted, bare = ''] of text.matchAll(PAIR))
    fields.set(key, quoted === undefined ? bare : unquoted(`"${quoted}"`));
  const of = (name: string): string => fields.get(name) ?? '';
  if (of('kind') === '' || of('reason') === '') return undefined;
  const row: EventRow = {
    ...{ namespace: of('namespace'), type: of('type'), reason: of('reason'), message: of('msg') },
    ...{
      object: `${of('kind').toLowerCase()}/${of('name')}`,
      ageS: NaN,
      firstAgeS: NaN,
      count: Number(of('count')) || 1,
    },
  };
  return {
    at: UNDATED,
    isUndated: true,
    level: 'info',
    logger: 'events',
    message: row.reason,
    fields: JSON.stringify(row),
  };
}

import type { LogRecord } from './log-record.ts';
import { isUndated, WHOLE_SECOND_US, type Moment } from './moment.ts';

/** Fewer lines, or seconds, may have the same fraction by chance. */
const [FEWEST, FEWEST_SECONDS] = [8, 3];

/**
 * The fraction of a second that all finer stamps have, in microseconds, as where a store or a spreadsheet writes `.000` behind
 * whole seconds: they are no finer than these. Undefined where they differ, or are too few to tell.
 */
export function commonFraction(records: Iterable<LogRecord>): number | undefined {
  let common: number | undefined;
  let stamps = 0;
  const seconds = new Set<number>();
  for (const { at } of records) {
    if (isUndated(at) || at.withinUs >= WHOLE_SECOND_US) continue;
    const fraction = fractionOf(at);
    common ??= fraction;
    if (fraction !== common) return undefined;
    stamps++;
    if (seconds.size < FEWEST_SECONDS) seconds.add(at.us - fraction);
  }
  return stamps >= FEWEST && seconds.size >= FEWEST_SECONDS ? common : undefined;
}

/** A record by the clock of whole seconds that it was written with, where its stamp has their fraction. */
export function byWholeSeconds(record: LogRecord, fraction: number): LogRecord {
  const { at } = record;
  if (isUndated(at) || at.withinUs >= WHOLE_SECOND_US || fractionOf(at) !== fraction) return record;
  return { ...record, at: { us: at.us - fraction, withinUs: WHOLE_SECOND_US } };
}

function fractionOf({ us }: Moment): number {
  return us % 1e6;
}

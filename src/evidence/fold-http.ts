import { parseDurationUs } from '../base/duration.ts';
import { clean, copyOf } from './clean.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading, ServiceCall } from './reading.ts';
import type { Seen } from './seen.ts';

const CALL = /^(GET|POST|PUT|PATCH|DELETE) (\S+?)(?::? (.*))?$/;
/** A controller makes tens of thousands of calls; these go wrong or are still open. */
const KEPT = 10_000;

/** A line of the HTTP client that calls the Actions service. A call that succeeds has its first line alone. */
export function foldHttpLine(reading: Reading, record: LogRecord, seen: Seen): void {
  const match = CALL.exec(record.message);
  if (match === null) return;
  const [, verb, url, rest = ''] = match;
  const path = (url as string).replace(/^\w+:\/\/[^/]*/, '').replace(/[?#].*$/, '');
  if (rest === '') {
    begin(reading, verb as string, path, seen, false);
    return;
  }
  // One that began before the log did counts from its first line.
  const open =
    reading.calls.findLast((call) => call.verb === verb && call.path === path) ??
    begin(reading, verb as string, path, seen, true);
  open.ended = seen;
  open.waitedUs += parseDurationUs(/retrying in (\S+)/.exec(rest)?.[1] ?? '') ?? 0;
  if (/request failed/.test(rest)) {
    open.failures++;
    open.error = clean(rest.replace(/^request failed:\s*/, '').replace(/^\w+ "[^"]*":\s*/, ''));
  } else if (/status: (\d+)/.test(rest)) {
    open.failures++;
    open.error = `status ${/status: (\d+)/.exec(rest)?.[1] ?? ''}`;
  }
}

function begin({ calls }: Reading, verb: string, path: string, started: Seen, isCut: boolean): ServiceCall {
  if (calls.length >= KEPT) calls.splice(0, KEPT / 2);
  const runnerId = /\/agents\/(\d+)$/.exec(path)?.[1];
  const call: ServiceCall = {
    ...{ started, isCut, verb, path: copyOf(path), runnerId: runnerId === undefined ? undefined : Number(runnerId) },
    ...{ ended: undefined, failures: 0, error: '', waitedUs: 0 },
  };
  calls.push(call);
  return call;
}

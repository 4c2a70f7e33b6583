import type { TraceLog } from '../../trace/trace-log.ts';

/** Rows of a pass's requests, in the order in which they were sent. */
export function requestsOf({ rows: { passes, requests } }: TraceLog, pass: number): number[] {
  const found: number[] = [];
  for (let row = passes.lastRequest.get(pass); row >= 0; row = requests.before(row)) found.push(row);
  return found.reverse();
}

/** What a request is, by verb and resource. */
export function isRequest({ rows }: TraceLog, row: number, verb: string, ...resources: readonly string[]): boolean {
  const { requests, words } = rows;
  if (words.textOf(requests.verb.get(row)) !== verb) return false;
  return resources.includes(words.textOf(requests.resource.get(row)) ?? '');
}

const READS: ReadonlySet<string | undefined> = new Set(['get', 'list', 'watch']);

/** Whether a request asks for a change. */
export function isWrite({ rows: { requests, words } }: TraceLog, row: number): boolean {
  return !READS.has(words.textOf(requests.verb.get(row)));
}

/** How long a request took in all, its waits for the client's limit and for the lock included; 0 where that is not known. */
export function tookUs({ rows: { requests } }: TraceLog, row: number): number {
  return requests.span.endedUs(row) - requests.span.startedUs(row) || 0;
}

/** The removal of a runner's registration, as the Actions clients name it. */
export const REMOVE_RUNNER = 'delete-runner';

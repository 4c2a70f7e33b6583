import type { TraceLog } from '../trace/trace-log.ts';

/** Requests of one kind that were answered alike. Times are the trace's microseconds. */
export interface RefusedRequests {
  readonly to: 'kubernetes' | 'actions';
  readonly verb: string;
  readonly resource: string;
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** What the last of these answers says; may be empty. */
  readonly message: string;
  readonly count: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

/** Answers that tell a controller how things are, and that it goes on from. */
const USUAL = new Set([404, 409]);
/** With 404 a controller learns that a registration is gone, which it asks for when a runner has ended. */
const LOOKUP = 'get-runner';
/** A listener's long poll. Once an hour its answer is 401, since the token has run out, which is then renewed; the last one is cut off. */
const POLL = 'get-message';

/** What was refused in a run, or never answered, the most frequent first. */
export function refusedRequests({ rows }: TraceLog): readonly RefusedRequests[] {
  const { requests, words, strings } = rows;
  const found = new Map<string, RefusedRequests>();
  let hadToRenew = false;
  for (let row = 0; row < requests.status.length; row++) {
    const status = requests.status.get(row);
    const to = requests.to.get(row) === 1 ? 'actions' : 'kubernetes';
    const isRefused = status === 0 || (status >= 400 && !(to === 'kubernetes' && USUAL.has(status)));
    const atUs = requests.span.endedUs(row);
    const verb = words.textOf(requests.verb.get(row)) ?? '';
    const resource = words.textOf(requests.resource.get(row)) ?? '';
    const isUsualLookup = resource === LOOKUP && status === 404;
    const isPoll = resource === POLL;
    const isUsualPoll = isPoll && (status === 0 || (status === 401 && !hadToRenew));
    if (isPoll) hadToRenew = status === 401;
    if (!isRefused || isUsualLookup || isUsualPoll || Number.isNaN(atUs)) continue;
    const key = [to, verb, resource, status].join(' ');
    const { count, firstUs, lastUs } = found.get(key) ?? { count: 0, firstUs: atUs, lastUs: atUs };
    found.set(key, {
      ...{ to, verb, resource, status, count: count + 1 },
      message: strings.textOf(requests.message.get(row)) ?? '',
      ...{ firstUs: Math.min(firstUs, atUs), lastUs: Math.max(lastUs, atUs) },
    });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

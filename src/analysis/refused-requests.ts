import { FAULT_MESSAGE } from '../base/fault-message.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** Requests of one kind that were answered alike. Times are the trace's microseconds. */
export interface RefusedRequests {
  readonly to: 'kubernetes' | 'actions';
  readonly verb: string;
  readonly resource: string;
  /** HTTP status; 0 where no answer came to somebody who waited for one. */
  readonly status: number;
  /** What the last of these answers says; may be empty. */
  readonly message: string;
  readonly count: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

/** Answers that tell their sender how things are, and that it goes on from. */
interface Usual {
  /** The call of the Actions service; any request to Kubernetes without it. */
  readonly call?: string;
  readonly statuses: readonly number[];
  /** Not where it comes twice in a row. */
  readonly once?: true;
}

const USUAL: readonly Usual[] = [
  { statuses: [404, 409] },
  // The registration of a runner that has ended is gone.
  { call: 'get-runner', statuses: [404] },
  // Once an hour the token of a listener's session has run out, and is renewed.
  { call: 'get-message', statuses: [401], once: true },
];

/** What was refused in a run, or never answered, the most frequent first. */
export function refusedRequests({ rows }: TraceLog): readonly RefusedRequests[] {
  const { requests, words, strings } = rows;
  const found = new Map<string, RefusedRequests>();
  const lastStatus = new Map<string, number>();
  for (let row = 0; row < requests.status.length; row++) {
    const status = requests.status.get(row);
    const atUs = requests.span.endedUs(row);
    if (Number.isNaN(status) || Number.isNaN(atUs)) continue;
    const to = requests.to.get(row) === 1 ? 'actions' : 'kubernetes';
    const verb = words.textOf(requests.verb.get(row)) ?? '';
    const resource = words.textOf(requests.resource.get(row)) ?? '';
    const kind = [to, verb, resource].join(' ');
    const message = strings.textOf(requests.message.get(row)) ?? '';
    const isRepeated = lastStatus.get(kind) === status;
    lastStatus.set(kind, status);
    const isUsual = USUAL.some(
      ({ call, statuses, once }) =>
        message !== FAULT_MESSAGE &&
        (call === undefined ? to === 'kubernetes' : call === resource) &&
        statuses.includes(status) &&
        !(once === true && isRepeated),
    );
    if ((status !== 0 && status < 400) || isUsual) continue;
    const key = `${kind} ${status}`;
    const { count, firstUs, lastUs } = found.get(key) ?? { count: 0, firstUs: atUs, lastUs: atUs };
    found.set(key, {
      ...{ to, verb, resource, status, count: count + 1 },
      message,
      ...{ firstUs: Math.min(firstUs, atUs), lastUs: Math.max(lastUs, atUs) },
    });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

import type { Fate } from '../run/fate.ts';
import type { RunSpec } from '../run/run-spec.ts';
import { splitKey } from '../kubernetes/types.ts';
import { isPodEnd } from './cause.ts';
import { isRead, isServiceCall, type Chronicle, type Sent } from './chronicle.ts';
import { metIn } from './unmet.ts';

/**
 * Events that probably led to a bad end, the likeliest first: what was planned to happen, how the last pod ended, which
 * requests were refused, and what the controllers then wrote.
 */
export function likelyEvents(spec: RunSpec, chronicle: Chronicle, { key }: Fate): readonly number[] {
  const { sent, written, lastChange } = chronicle;
  const { name } = splitKey(key);
  const isAll = spec.subject?.kind === 'all';
  const isAbout = (one: Sent): boolean => isAll || one.pass?.key === key || nameOf(one) === name;
  const until = written.find((each) => each.key === key)?.event ?? Infinity;
  const before = sent.filter((one) => one.event <= until && isAbout(one));
  const refused = before.filter((one) => one.pass !== undefined && one.refused !== undefined && !isAbsence(one));
  const events = [
    ...metIn(spec, chronicle).map(({ event }) => event),
    before.findLast((one) => isPodEnd(one))?.event,
    refused[0]?.event,
    refused.at(-1)?.event,
    before.findLast((one) => one.pass !== undefined && isStatus(one))?.event,
    until,
  ];
  return [...new Set(events)].filter((event) => event !== undefined && event > 0 && event < lastChange) as number[];
}

function nameOf({ request }: Sent): string {
  return isServiceCall(request) ? request.subject : request.name;
}

/** What is asked for may be absent without harm. */
function isAbsence({ request, refused }: Sent): boolean {
  return refused === 404 && !isServiceCall(request) && isRead(request);
}

function isStatus({ request }: Sent): boolean {
  return !isServiceCall(request) && request.subresource === 'status';
}

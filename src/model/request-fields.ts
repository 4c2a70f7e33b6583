import type { AnsweredRequest, RequestRecord } from '../runtime/pass-record.ts';
import type { TraceRequest } from '../trace/model.ts';

/** How a trace names what a request is about; undefined where that has no name. */
export function objectOf({ namespace, name }: RequestRecord): string | undefined {
  if (name === '') return undefined;
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** What a trace keeps of an answer: only its time where nobody waited for it. @param redact clears a text of credentials */
export function answerOf(
  { to, verb, status, endedUs, message, isBrokenOff }: AnsweredRequest,
  redact: (text: string) => string,
): Pick<TraceRequest, 'status' | 'ended' | 'message'> {
  if (isBrokenOff) return { ended: endedUs };
  // That something is not there is an answer like another to those who ask for it; texts of refusals are worth keeping.
  const isAnswer = message === '' || (status === 404 && (verb === 'get' || (verb === 'delete' && to === 'kubernetes')));
  const answer = { status, ended: endedUs };
  return isAnswer ? answer : { ...answer, message: redact(message) };
}

import type { TraceRequest } from '../../trace/model.ts';
import { known } from '../../trace/known.ts';
import { errorOf } from '../fold-runner.ts';
import type { LogRecord } from '../log-record.ts';

type Asked = Pick<TraceRequest, 'to' | 'verb' | 'resource'>;
type Answer = Pick<TraceRequest, 'status' | 'message'>;

/** Lines that a controller writes only when its request has succeeded, ARC 0.9.3 to 0.14.2. */
const SUCCEEDED =
  /^(?:Successfully|Created|Updated|Deleted|Removed) |^EphemeralRunner (?:status is marked as Finished|is marked as Failed|pod is deleted)/;

/** Other lines that tell the status. */
const TOLD: ReadonlyMap<string, number> = new Map([
  ['Creating ephemeral runner JIT config', 404],
  ['Creating new ephemeral runner secret for jitconfig.', 404],
  ['Creating new EphemeralRunner pod.', 200],
  ['Deleting the jitconfig secret', 200],
  ['Getting runner jit config failed with conflict error, trying to get the runner by name', 409],
  ['Runner does not exist in GitHub service', 404],
  ['Runner is still running the job. Re-queue in 30 seconds', 400],
  ['Runner is not finished yet, retrying in 30s', 400],
  ['Runner job is still running, cannot remove the runner from the service yet', 400],
  ['Runner pod already exists. Waiting for the pod event to be received', 409],
  ['Resource quota is exceeded; requeue in 30s to retry pod creation', 403],
]);

/** How errors of the API server and of the Actions client name a status; the first that fits. */
const OF_ERROR: readonly (readonly [pattern: RegExp, status: number])[] = [
  [/\bis forbidden: |: Forbidden\b/, 403],
  [/" is invalid: /, 422],
  [/the object has been modified|already exists/, 409],
  [/ not found$/, 404],
  [/Too Many Requests|too many requests/, 429],
  [/connection (?:refused|reset)|i\/o timeout|deadline exceeded|no such host|: EOF$/, 0],
];
const CODE = /\b(?:StatusCode|status code|status)[ :=]+"?([1-5]\d\d)\b/i;

/** What a line says of the request that the line before it announced; empty where it says nothing of it. */
export function answerOf({ to, verb }: Asked, record: LogRecord): Answer {
  const { message } = record;
  if (SUCCEEDED.test(message)) return { status: statusOfSuccess(to, verb) };
  const told = TOLD.get(message);
  const error = errorOf(record);
  if (error === '') return known({ status: told });
  return { ...known({ status: told ?? statusOfError(error) }), message: error };
}

function statusOfSuccess(to: Asked['to'], verb: string | undefined): number {
  if (to === 'actions') return verb === 'delete' ? 204 : 200;
  return verb === 'create' ? 201 : 200;
}

function statusOfError(error: string): number | undefined {
  const code = CODE.exec(error)?.[1];
  return code === undefined ? OF_ERROR.find(([pattern]) => pattern.test(error))?.[1] : Number(code);
}

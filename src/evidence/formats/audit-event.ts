import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { parsedObject } from '../../base/json-objects.ts';
import type { LogRecord } from '../log-record.ts';
import { readStamp } from '../moment.ts';

/** What is kept of an audit event: never a body, which may hold a secret. */
export interface AuditFields {
  readonly verb: string;
  /** Plural name with `/status` for that subresource. */
  readonly resource: string;
  readonly namespace: string;
  /** Empty where the event does not name the object, as a create at level Metadata in many clusters. */
  readonly name: string;
  readonly status: number;
  readonly message: string;
  readonly user: string;
  readonly tookUs: number;
  readonly isDryRun: boolean;
}

const KIND = '"apiVersion":"audit.k8s.io/';

/**
 * A line of the API server's audit log. Of the several stages of a request the last one counts; the others are understood
 * and say nothing more.
 */
export function auditEvent(text: string): LogRecord | undefined {
  if (!text.replace(/\s/g, '').includes(KIND)) return undefined;
  const event = parsedObject(text);
  const ref = object(event?.['objectRef']);
  const at = readStamp(word(event?.['requestReceivedTimestamp']))?.moment;
  if (event === undefined || at === undefined) return undefined;
  const end = readStamp(word(event['stageTimestamp']))?.moment ?? at;
  const response = object(event['responseStatus']);
  const [resource, subresource] = [word(ref['resource']), word(ref['subresource'])];
  const created = object(object(event['responseObject'])['metadata']);
  const fields: AuditFields = {
    verb: word(event['verb']),
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    namespace: word(ref['namespace']),
    name: word(ref['name']) || word(created['name']),
    status: typeof response['code'] === 'number' ? response['code'] : 0,
    message: word(response['message']),
    user: word(object(event['user'])['username']),
    tookUs: Math.max(0, end.us - at.us),
    isDryRun: /[?&]dryRun=/.test(word(event['requestURI'])),
  };
  const stage = word(event['stage']);
  const isLast = stage === 'ResponseComplete' || stage === 'Panic' || stage === '';
  const message = isLast ? `${fields.verb} ${fields.resource}` : stage;
  return { at, level: 'info', logger: isLast ? 'audit' : 'audit-stage', message, fields: JSON.stringify(fields) };
}

function object(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

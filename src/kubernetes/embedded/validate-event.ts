import type { FieldError } from '../api-error.ts';
import { deepEqual } from '../merge-patch.ts';
import { Events, type Resource } from '../resource.ts';
import type { KubernetesEvent } from '../types.ts';
import { immutable, invalidValue, required } from './field-errors.ts';

/** What an event of either form must say; fields are named as those of the core group. */
export function validateEvent(resource: Resource, event: KubernetesEvent, errors: FieldError[]): void {
  const { namespace = '' } = event.involvedObject ?? {};
  const own = event.metadata.namespace ?? '';
  const field = 'involvedObject.namespace';
  const otherNamespace = (): number => errors.push(invalidValue(field, namespace, 'does not match event.namespace'));
  if ((event.eventTime ?? null) === null) {
    if (namespace === '' ? own !== 'default' : namespace !== own) otherNamespace();
    return;
  }
  if (namespace === '' && own !== 'default' && own !== 'kube-system') otherNamespace();
  const controller = resource === Events ? 'reportingComponent' : 'reportingController';
  if ((event.reportingComponent ?? '') === '') {
    errors.push(required(controller));
    errors.push(invalidValue(controller, '', 'name part must be non-empty'));
    errors.push(invalidValue(controller, '', NAME_PART_RULE));
  }
  for (const name of ['reportingInstance', 'action', 'reason'] as const) {
    if ((event[name] ?? '') === '') errors.push(required(name));
  }
}

const NAME_PART_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/** Fields that only events of the old form carry. */
const OLD = ['firstTimestamp', 'lastTimestamp', 'count'] as const;

/** What the newer form asks of an event besides. */
export function validateNewEvent(event: KubernetesEvent, errors: FieldError[]): void {
  validateSeries(event, errors);
  if ((event.eventTime ?? null) === null) errors.push(required('eventTime'));
  const { type = '', source } = event;
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalidValue('type', '', `has invalid value: ${type}`));
  const given: string[] = OLD.filter((field) => (event[field] ?? null) !== null && event[field] !== 0);
  if ((source?.component ?? '') !== '' || (source?.host ?? '') !== '') given.push('source');
  for (const field of given) errors.push(invalidValue(field, '', 'needs to be unset'));
}

/** An event of the newer form records one occurrence: only its series continues. */
export function validateNewEventUpdate(next: KubernetesEvent, before: KubernetesEvent, errors: FieldError[]): void {
  if (!deepEqual(next.series, before.series)) validateSeries(next, errors);
  const fixed = [
    'involvedObject',
    'reason',
    'message',
    'source',
    ...OLD,
    'type',
    'eventTime',
    'action',
    'related',
  ] as const;
  for (const field of fixed) {
    if (!deepEqual(next[field], before[field])) errors.push(immutable(field, next[field]));
  }
  if (next.reportingComponent !== before.reportingComponent) {
    errors.push(immutable('reportingController', next.reportingComponent));
  }
  if (next.reportingInstance !== before.reportingInstance) {
    errors.push(immutable('reportingInstance', next.reportingInstance));
  }
}

function validateSeries({ series }: KubernetesEvent, errors: FieldError[]): void {
  if (series === undefined || series === null) return;
  if ((series.count ?? 0) < 2) errors.push(invalidValue('series.count', '', 'should be at least 2'));
  if ((series.lastObservedTime ?? null) === null) errors.push(required('series.lastObservedTime'));
}

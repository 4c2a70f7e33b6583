import { badRequest } from '../api-error.ts';
import type { Resource } from '../resource.ts';
import type { ApiObject, KubernetesEvent } from '../types.ts';
import { rulesOf } from './kinds.ts';

/** A parsed field selector. */
type FieldSelector = (object: ApiObject) => boolean;

/**
 * Parses `metadata.name=a,status.phase!=Running`.
 * @throws ApiError 400 for text that is no selector, and for fields that the kind cannot be selected by
 */
export function parseFieldSelector(resource: Resource, text: string): FieldSelector {
  const requirements = splitAtCommas(text).map((part) => {
    const match = /^(.*?)(==|!=|=)(.*)$/s.exec(part);
    if (match === null) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
    const [, label = '', operator, value = ''] = match;
    const read = readerFor(resource, label);
    const wanted = operator !== '!=';
    const plain = value.replace(/\\([\\,=])/g, '$1');
    return (object: ApiObject) => (read(object) === plain) === wanted;
  });
  return (object) => requirements.every((meets) => meets(object));
}

/** The name that the selector asks for, if it asks for exactly one. */
export function selectedName(text: string): string | undefined {
  return /^metadata\.name==?([^,!=]+)$/.exec(text)?.[1];
}

function splitAtCommas(text: string): string[] {
  return text === '' ? [] : text.split(/(?<!\\),/).filter((part) => part !== '');
}

function readerFor(resource: Resource, label: string): (object: ApiObject) => string {
  if (label === 'metadata.name') return ({ metadata }) => metadata.name;
  if (label === 'metadata.namespace' && resource.namespaced) return ({ metadata }) => metadata.namespace ?? '';
  const { fieldLabels, renamed } = rulesOf(resource);
  if (!Object.hasOwn(fieldLabels, label)) {
    throw badRequest(`field label not supported: ${label}`);
  }
  if (label === 'source') return (object) => (object as KubernetesEvent).source?.component ?? '';
  // Objects are looked at as they are stored.
  const [first = '', ...rest] = label.split('.');
  const path = [renamed[first] ?? first, ...rest];
  const absent = fieldLabels[label] as string;
  return (object) => {
    let value: unknown = object;
    for (const part of path) value = (value as Readonly<Record<string, unknown>> | undefined)?.[part];
    return ['string', 'boolean', 'number'].includes(typeof value) ? String(value) : absent;
  };
}

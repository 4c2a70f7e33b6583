import { badRequest } from './api-error.ts';

type Labels = Readonly<Record<string, string>>;

/** A parsed label selector: whether a set of labels satisfies every requirement. */
export type LabelSelector = (labels: Labels | undefined) => boolean;

const QUALIFIED_NAME = /^([a-z0-9A-Z.-]{1,253}\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const SET_REQUIREMENT = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUALITY_REQUIREMENT = /^([^=!\s]+)\s*(==|!=|=)\s*(\S*)$/;

/**
 * Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k`. A requirement that something is not so is met by labels without the key.
 * @throws ApiError 400 for text that is no selector
 */
export function parseLabelSelector(text: string): LabelSelector {
  const requirements = splitTopLevel(text).map(parseRequirement);
  return (labels) => requirements.every((meets) => meets(labels));
}

/** The single `key=value` requirement of a selector, if it is just that; lets a store use an index. */
export function singleEquality(text: string): { key: string; value: string } | undefined {
  const match = /^([^=!,\s()]+)==?([^=!,\s()]*)$/.exec(text);
  return match === null ? undefined : { key: match[1] as string, value: match[2] as string };
}

function parseRequirement(text: string): LabelSelector {
  const set = SET_REQUIREMENT.exec(text);
  if (set !== null) {
    const key = checkedKey(set[1] as string);
    const values = (set[3] as string).split(',').map((value) => checkedValue(value.trim()));
    const wanted = set[2] === 'in';
    return (labels) => {
      const value = valueOf(labels, key);
      return value === undefined ? !wanted : values.includes(value) === wanted;
    };
  }
  const equality = EQUALITY_REQUIREMENT.exec(text);
  if (equality !== null) {
    const key = checkedKey(equality[1] as string);
    const value = checkedValue(equality[3] as string);
    const wanted = equality[2] !== '!=';
    return (labels) => (valueOf(labels, key) === value) === wanted;
  }
  if (text.startsWith('!')) {
    const key = checkedKey(text.slice(1).trim());
    return (labels) => valueOf(labels, key) === undefined;
  }
  const key = checkedKey(text);
  return (labels) => valueOf(labels, key) !== undefined;
}

function valueOf(labels: Labels | undefined, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Splits at commas outside parentheses; no parts for blank text. */
function splitTopLevel(text: string): string[] {
  if (text.trim() === '') return [];
  return text.split(/,(?![^(]*\))/).map((part) => part.trim());
}

function checkedKey(key: string): string {
  if (!QUALIFIED_NAME.test(key)) throw badRequest(`unable to parse requirement: invalid label key "${key}"`);
  return key;
}

function checkedValue(value: string): string {
  if (!LABEL_VALUE.test(value)) throw badRequest(`unable to parse requirement: invalid label value "${value}"`);
  return value;
}

import { t } from '@vscode/l10n';
import { isJsonObject } from '../base/json.ts';
import type { Replacement } from '../debug/edits.ts';

/**
 * What an answer says when somebody sets its value, or a part of it, by JSON.
 * @param path to the part; empty for all of it
 * @param was what it says without the change, with the credentials that nobody is shown
 * @param isHttp whether it is a message whose body is text, and shown as what that text says
 * @returns a sentence when the text is no JSON
 */
export function parseValue(path: readonly string[], text: string, was: unknown, isHttp: boolean): Replacement | string {
  let wanted: unknown;
  try {
    wanted = JSON.parse(text);
  } catch {
    return t('A value is written as JSON, such as "text", 3 or {"a": 1}, not {0}.', text.slice(0, MOST_CHARACTERS));
  }
  if (!isHttp) {
    const value = withPart(was, path, wanted);
    const isObject = isJsonObject(value) && isJsonObject(value['metadata']);
    if (Array.isArray(was) ? Array.isArray(value) : isObject) return { kind: 'value', value };
    return Array.isArray(was)
      ? t('The value of such an answer is a list.')
      : t('The value of such an answer is an object with its metadata.');
  }
  const message = { status: 200, headers: {}, ...(isJsonObject(was) ? was : {}), body: bodyOf(was) };
  const changed = withPart(message, path, wanted);
  if (!isJsonObject(changed) || typeof changed['status'] !== 'number') {
    return t('The value of such an answer has a status, headers and a body.');
  }
  const { body, status } = changed;
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    return t('A status is a number from 100 to 599, not {0}.', status);
  }
  return {
    kind: 'value',
    value: { headers: {}, ...changed, body: typeof body === 'string' ? body : JSON.stringify(body ?? null) },
  };
}

/** A part of a value; undefined where there is none. */
export function valueIn(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (isOwn(at, name) ? at[name] : undefined), value);
}

const MOST_CHARACTERS = 80;

function isOwn(value: unknown, name: string): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function bodyOf(message: unknown): unknown {
  const body = valueIn(message, ['body']);
  try {
    return typeof body === 'string' ? (JSON.parse(body) as unknown) : body;
  } catch {
    return body;
  }
}

function withPart(value: unknown, [name, ...path]: readonly string[], wanted: unknown): unknown {
  if (name === undefined) return wanted;
  const part = withPart(valueIn(value, [name]), path, wanted);
  if (Array.isArray(value)) return (value as unknown[]).with(Number(name), part);
  return { ...(isJsonObject(value) ? value : {}), [name]: part };
}

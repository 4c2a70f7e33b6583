import { objectsOf } from '../base/json-objects.ts';
import { parseAllDocuments, type Tags } from 'yaml';

/** Nothing that a cluster holds is nested deeper; text that is wants to hurt. */
const MAX_DEPTH = 100;
const MAX_VALUES = 50_000_000;
/** How often anchors may be used; each use may multiply what the one before has multiplied. */
const MAX_ALIASES = 100;

/**
 * The documents of a JSON or YAML text, as kubectl reads it: `yes` is a boolean and `0644` octal, dates stay text.
 * @throws Error with what is wrong, as the end of a sentence
 */
export function documentsOf(text: string): unknown[] {
  const documents = asJson(text) ?? asYaml(text);
  checkSize(documents);
  return documents;
}

function asJson(text: string): unknown[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return [JSON.parse(text) as unknown];
  } catch {
    // Several objects one after the other, as jq prints them; or YAML, which may look like it.
    return asObjects(text);
  }
}

/** Undefined where anything else stands between them. */
function asObjects(text: string): unknown[] | undefined {
  const objects: unknown[] = [];
  let end = 0;
  for (const { value, text: written, from } of objectsOf(text)) {
    if (text.slice(end, from).trim() !== '') return undefined;
    objects.push(value);
    end = from + written.length;
  }
  return objects.length > 0 && text.slice(end).trim() === '' ? objects : undefined;
}

function asYaml(text: string): unknown[] {
  try {
    const documents = parseAllDocuments(text, { version: '1.1', customTags, merge: true, logLevel: 'error' });
    if (!Array.isArray(documents)) return [];
    return documents.map((document) => {
      // A tag that is not known would be taken as if it were not there.
      const problem = document.errors[0] ?? document.warnings[0];
      if (problem !== undefined) throw problem;
      return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
    });
  } catch (error) {
    if (error instanceof RangeError) throw new Error('it is nested too deep');
    throw new Error(((error as Error).message.split('\n')[0] ?? '').replace(/:$/, ''));
  }
}

/** YAML 1.1 as kubectl's reader has it: without dates, sexagesimal numbers, sets and binary. */
function customTags(tags: Tags): Tags {
  const kept = ['map', 'seq', 'str', 'null', 'bool', 'int', 'float', 'merge'].map(
    (name) => `tag:yaml.org,2002:${name}`,
  );
  return tags.filter((tag) => typeof tag !== 'string' && kept.includes(tag.tag) && tag.format !== 'TIME');
}

function checkSize(documents: readonly unknown[]): void {
  const left: { readonly value: unknown; readonly depth: number }[] = [{ value: documents, depth: 0 }];
  for (let seen = 0; left.length > 0; seen++) {
    const { value, depth } = left.pop() as (typeof left)[number];
    if (depth > MAX_DEPTH) throw new Error(`it is nested more than ${MAX_DEPTH} deep`);
    if (seen > MAX_VALUES) throw new Error('it holds too much');
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value)) left.push({ value: inner, depth: depth + 1 });
  }
}

import { REDACTED } from '../base/credential-shapes.ts';
import { clean } from './clean.ts';

/** A key with one word as its value, as YAML, the environment and shells write it. */
const KEYED = /^(\s*(?:[$>] )?(?:- |export |set |\$env:)*["']?[\w./-]+["']?\s*[:=]\s*)(["']?)([^\s"']{6,})\2[\s,;]*$/;
/** A word alone: an item of a list, or a value that its key stands above. */
const ALONE = /^(\s*(?:- )?)(["']?)([^\s"']{6,})\2[\s,;]*$/;
/** Words of a language, and names of variables. */
const PLAIN = /^(?:[a-z]+(?:[-/.][a-z]+)*|[A-Z]+(?:_[A-Z]+)*)$/;

/**
 * A line that is none of a log's, as it may be shown: what people paste around a log is often a values file or a script, where
 * any value may be a credential and no form tells it.
 */
export function besideLog(line: string): string {
  const text = clean(line);
  const [, before = '', quote = '', value = ''] = KEYED.exec(text) ?? ALONE.exec(text) ?? [];
  return value === '' || PLAIN.test(value) ? text : `${before}${quote}${REDACTED}${quote}`;
}

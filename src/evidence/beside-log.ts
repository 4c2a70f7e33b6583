import { REDACTED } from '../base/credential-shapes.ts';
import { clean } from './clean.ts';

/** Names that credentials have in manifests, values and shells, where a mere word may be one. */
const NAME =
  '[\\w.$:/-]*(?:token|secret|pass|pwd|key|cred|auth|jit|bearer|webhook|licen[sc]e|cert|private|connection|(?:^|[_.-])pat|^value)[\\w.-]*';
const HAS_NAME = new RegExp(`^${NAME}$`, 'i');

/** `key: value` of YAML, also as an item of a list or the beginning of a map in one line. */
const PAIR = /^(\s*(?:-\s+)*["']?)([\w./-]+)(["']?\s*:)(?:\s+(\S.*))?$/;
/** What stands for a text in the next lines. */
const BLOCK = /^[|>][+-]?\d?$/;
const ITEM = /^(\s*-\s+)(\S.*)$/;
const OPTION = /^["']?--?([\w.-]+)["']?$/;
/** A variable as a shell, PowerShell, cmd or a file of them sets it. */
const VARIABLE = /^(\s*(?:[$>#]\s+)?(?:export\s+|set\s+|setx\s+|declare\s+-x\s+)?(?:\$env:)?([\w.]+)\s*=\s*)\S.*$/i;

/** Wherever they stand in a line. */
const WITHIN: readonly (readonly [pattern: RegExp, left: string])[] = [
  // Maps and lists in one line.
  [new RegExp(`(["']--?(?:${NAME})["']\\s*,\\s*["'])[^"']+`, 'gi'), `$1${REDACTED}`],
  [/([{,]\s*value\s*:\s*)[^,}]+/gi, `$1${REDACTED}`],
  // What a command is given.
  [/(--from-literal[= ][\w.-]+=)("[^"]*"|'[^']*'|\S+)/gi, `$1${REDACTED}`],
  [
    new RegExp(`(--set(?:-string|-file|-json|-literal)?[= ]["']?(?:${NAME})=)("[^"]*"|'[^']*'|\\S+)`, 'gi'),
    `$1${REDACTED}`,
  ],
  [/(\b(?:echo|printf)\s+)[^|]+(?=\|[^|]*--password-stdin)/gi, `$1${REDACTED} `],
];

/** A key with one word as its value, as YAML, the environment and shells write it. */
const KEYED = /^(\s*(?:[$>] )?(?:- |export |set |\$env:)*["']?[\w./-]+["']?\s*[:=]\s*)(["']?)([^\s"']{6,})\2[\s,;]*$/;
/** A word alone: an item of a list, or a value that its key stands above. */
const ALONE = /^(\s*(?:- )?)(["']?)([^\s"']{6,})\2[\s,;]*$/;
/** Words of a language, options, names of variables, and keys. */
const PLAIN = /^(?:-{0,2}[a-z]+(?:[-/.][a-z]+)*|[A-Z]+(?:_[A-Z]+)*|[\w./-]+:)$/;

/**
 * Lines of manifests, values, scripts and shells that stand beside a log, as in an issue. What a name announces in them is a
 * credential, whatever it looks like, also in the lines after it; so may be any other value that is no word of a language.
 */
export class BesideLog {
  /** Lines that are indented further belong to a name that announced a credential. */
  #within: number | undefined;
  #isNextItem = false;

  /** A line as it may be shown. */
  shown(line: string): string {
    const text = clean(this.#withoutAnnounced(line));
    const [, before = '', quote = '', value = ''] = KEYED.exec(text) ?? ALONE.exec(text) ?? [];
    return value === '' || PLAIN.test(value) ? text : `${before}${quote}${REDACTED}${quote}`;
  }

  #withoutAnnounced(line: string): string {
    const indent = line.length - line.trimStart().length;
    if (this.#within !== undefined && indent > this.#within && line.trim() !== '') return REDACTED;
    this.#within = undefined;
    const item = ITEM.exec(line);
    const isItem = this.#isNextItem && item !== null;
    this.#isNextItem = false;
    if (isItem) return `${item[1]}${REDACTED}`;
    const option = OPTION.exec(item?.[2] ?? '')?.[1];
    if (option !== undefined) {
      this.#isNextItem = HAS_NAME.test(option);
      return line;
    }
    return this.#pair(line) ?? variable(line) ?? WITHIN.reduce((text, [from, to]) => text.replace(from, to), line);
  }

  #pair(line: string): string | undefined {
    const [, before = '', name = '', after = '', value] = PAIR.exec(line) ?? [];
    if (!HAS_NAME.test(name)) return undefined;
    if (value !== undefined && !BLOCK.test(value)) return `${before}${name}${after} ${REDACTED}`;
    this.#within = before.replace(/["']$/, '').length;
    return line;
  }
}

function variable(line: string): string | undefined {
  const [, head, name = ''] = VARIABLE.exec(line) ?? [];
  return head !== undefined && HAS_NAME.test(name) ? `${head}${REDACTED}` : undefined;
}

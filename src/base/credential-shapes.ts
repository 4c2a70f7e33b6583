import { AWS_KEY_ID, TOKEN_OF_A_SERVICE, WEBHOOK } from './token-forms.ts';

/** What stands in place of a credential. */
export const REDACTED = '[redacted]';

/** What follows a name or a word that says that a credential comes: these words do not. */
const WORD =
  '(?!(?:auth|authentication|authorization|credentials?|token|tokens|scheme|header|headers|realm|error|challenge)\\b)';
/** Names of fields, variables and headers whose values are credentials, with what may stand before. */
const NAME =
  '[\\w.-]*(?:token|secret|password|passwd|passphrase|pwd|passwort|kennwort|jit_?config|(?:private|access|api|account|subscription|client|signing|encryption|ssh|secret)[_-]?key(?:_b(?:ase)?64)?|key-data|creds|credentials|(?:\\b|[_.-])(?:pass|pat)|authorization|bearer|connection[_-]?string)';
/** Those of passwords, whose value may be a mere word. */
const PASSWORD = '[\\w.-]*(?:password|passwd|passphrase|pwd|passwort|kennwort|\\botp)';
/** What texts say of a password in place of it. */
const NO_VALUE =
  '(?!(?:required|missing|invalid|incorrect|wrong|expired|empty|unset|unknown|none|null|nil|true|false)\\b)';
const SCHEMES = 'Bearer|RemoteAuth|Basic|Negotiate|Digest';

/** With what is left of it: `$1` is the name or the scheme. */
type Shape = readonly [pattern: RegExp, left: string];

/** Those that nothing else looks like. */
const OWN_FORMS: readonly Shape[] = [
  [/\b((?:Proxy-)?Authorization['"\\]*\s*[:=]\s*['"\\[]*Digest)\s[^\n]+/gi, `$1 ${REDACTED}`],
  [new RegExp(`\\b(${SCHEMES})\\s+${WORD}[\\w.~+/=-]+`, 'gi'), `$1 ${REDACTED}`],
  [/\/\/(?:[^/@\s:]+:[^/@\s]+|[\w-]{16,})@/g, `//${REDACTED}@`],
  [TOKEN_OF_A_SERVICE, REDACTED],
  [AWS_KEY_ID, REDACTED],
  [WEBHOOK, `$1${REDACTED}`],
];

/** Those of texts by others that no name tells. */
const LIKELY_FORMS: readonly Shape[] = [
  [/\b((?:set-)?cookie['"\\]*\s*:\s*['"\\[]*)[^'"\\\]]+/gi, `$1${REDACTED}`],
  // Addresses that are signed.
  [
    /([?&](?:sig|signature|key|pwd|password|[\w-]*token|x-(?:amz|goog)-(?:signature|credential|security-token))=)[^&\s"'\\]+/gi,
    `$1${REDACTED}`,
  ],
  [/\bv1\.[0-9a-z]{36,}\b/g, REDACTED],
  // A token that registers or removes runners. No name of an object has capitals.
  [/\bA[A-Z\d]{28}\b/g, REDACTED],
  // JSON web tokens, JIT configs and keys.
  [/\bey[IJ](?:[\w-]{10,}|[\w-]+(?=\.ey))(?:\.[\w-]+){0,2}/g, REDACTED],
  [/-----BEGIN[^-]+-----[\s\S]*/g, REDACTED],
  [/(\s(?:-u|--user|--proxy-user)(?:=|\s+)['"]?[^\s:'"]+:)[^\s'"]+/g, `$1${REDACTED}`],
  [/(\becho\s+["'])(?=\S*\d)[^\s"']{6,}/g, `$1${REDACTED}`],
  [/(\b(?:login|sshpass)\b[^\n]*?\s-p(?:=|\s*)["']?)[^\s"']+/g, `$1${REDACTED}`],
  [/(\b(?:mysql|mariadb)[\w-]*\b[^\n]*?\s-p["']?)[^\s"']+/g, `$1${REDACTED}`],
];

/** Those that begin with a name, which few texts have. */
const NAMED_FORMS: readonly Shape[] = [
  // Headers, as curl and Go print them.
  [
    new RegExp(`\\b((?:Proxy-)?Authorization['"\\\\]*\\s*[:=]\\s*['"\\\\[]*token)\\s+[^\\s'"\\]]+`, 'gi'),
    `$1 ${REDACTED}`,
  ],
  // Fields of JSON, also of JSON within JSON, of YAML and of the environment.
  [new RegExp(`("(?:${NAME}|auth)\\\\*"\\s*:\\s*\\\\*")(?:[^"\\\\]|\\\\+[^"\\\\])+`, 'gi'), `$1${REDACTED}`],
  [new RegExp(`\\b(${NAME}\\s*[:=]\\s*(["']))(?:(?!\\2).)+(?=\\2|$)`, 'gi'), `$1${REDACTED}`],
  // Not a mere word: `secret: not found`.
  [new RegExp(`\\b(${NAME}\\s*[:=]\\s*(?:[|>]-?\\s+)?)(?=[^\\s",}&]*\\d)[^\\s",}&]{6,}`, 'gi'), `$1${REDACTED}`],
  [new RegExp(`(?<![\\w.-])(${PASSWORD}=)${NO_VALUE}[^\\s"',;&}]{6,}`, 'gi'), `$1${REDACTED}`],
  [
    new RegExp(`(?<![\\w.-])(${PASSWORD}\\s+)(?=[^\\s",}&]*\\d)(?=[^\\s",}&]*[a-z])[^\\s",}&]{6,}`, 'gi'),
    `$1${REDACTED}`,
  ],
  [/\b((?:pin|otp)\s*[:=]\s*)\d{4,}/gi, `$1${REDACTED}`],
  // A variable's name with its value after a blank.
  [/\b([A-Z][A-Z0-9]*_(?:TOKEN|SECRET|PASSWORD|PASS|KEY)\s+)(?=[^\s",}&]*\d)[^\s",}&]{6,}/g, `$1${REDACTED}`],
  // The environment of a container, as YAML, JSON and Go write it.
  [
    new RegExp(
      `(\\bname\\\\*"?\\s*:\\s*\\\\*"?${NAME}\\\\*"?\\s*,?\\s*\\\\*"?value\\\\*"?\\s*:\\s*)(?:(\\\\*")(?:[^"\\\\]|\\\\+[^"\\\\])+|[^\\s"\\\\,}]+)`,
      'gi',
    ),
    `$1$2${REDACTED}`,
  ],
  // Options of commands.
  [
    /((?:^|[\s"'[,])--?(?:password|passphrase|token|pat|secret|jitconfig|client-secret)(?:["']\s*,)?(?:=|\s+)\\*["']?)(?!-)[^\s"'\\]+/gi,
    `$1${REDACTED}`,
  ],
];
const HAS_NAME = /token|secret|pass|pwd|kennwort|jitconfig|key|auth|bearer|connection|otp|pin|pat\b/i;

/** Long runs of such characters are keys, configs and signatures, or the path of an address. */
const LONG = /[A-Za-z0-9+/_-]{80,}={0,2}/g;
const PATH_PART = /^(?:[A-Z]?[a-z]+|\d+|[-_])*$/;
/** A line of a key in several lines has nothing else. */
const KEY_LINE = /^[\s|>"']*[A-Za-z0-9+/]{60,}={0,2}[\s"',]*$/;
const COLOUR = /(?:\u001b|\\u001b|\\x1b|\\033)\[[\d;]*m/gi;

/** A text of our own without what is a credential by its form, known or not. */
export function withoutKnownForms(text: string): string {
  return without(OWN_FORMS, text);
}

/** A text of somebody else's without what looks like a credential: nothing else tells it. */
export function withoutCredentials(text: string): string {
  if (KEY_LINE.test(text)) return REDACTED;
  const plain = withoutKnownForms(text.replace(COLOUR, '').replace(LONG, withoutLong));
  return without(LIKELY_FORMS, HAS_NAME.test(plain) ? without(NAMED_FORMS, plain) : plain);
}

function without(shapes: readonly Shape[], text: string): string {
  return shapes.reduce((clean, [pattern, left]) => clean.replace(pattern, left), text);
}

/** Where the path of an address has a run like this, its host begins it. */
function withoutLong(run: string, place: number, text: string): string {
  const parts = run.split('/');
  if (parts.length > 1 && parts.every((part) => PATH_PART.test(part))) return run;
  const isOfHost = /\/\/[\w.-]*$/.test(text.slice(Math.max(0, place - 253), place));
  return isOfHost && parts.length > 1 ? `${parts[0]}/${REDACTED}` : REDACTED;
}

/** What stands in place of a credential. */
export const REDACTED = '[redacted]';

/** What follows a name or a word that says that a credential comes: these words do not. */
const WORD =
  '(?!(?:auth|authentication|authorization|credentials?|token|tokens|scheme|header|headers|realm|error|challenge)\\b)';
/** Names of fields, variables and headers whose values are credentials, with what may stand before. */
const NAME =
  '[\\w.-]*(?:token|secret|password|passwd|passwort|passphrase|jitconfig|(?:private|access|account|api|subscription)[_-]?key|key-data|authorization|bearer|connection_?string|\\botp)';
const SCHEMES = 'Bearer|RemoteAuth|Basic|Negotiate|Digest';

/** With what is left of it: `$1` is the name or the scheme. */
type Shape = readonly [pattern: RegExp, left: string];

/** Those that nothing else looks like. */
const OWN_FORMS: readonly Shape[] = [
  [/\b((?:Proxy-)?Authorization['"\\]*\s*[:=]\s*['"\\[]*Digest)\s[^\n]+/gi, `$1 ${REDACTED}`],
  [new RegExp(`\\b(${SCHEMES})\\s+${WORD}[\\w.~+/=-]+`, 'gi'), `$1 ${REDACTED}`],
  [/\/\/[^/@\s:]+:[^/@\s]+@/g, `//${REDACTED}@`],
  [/\/\/[\w-]{16,}@/g, `//${REDACTED}@`],
  // Addresses of webhooks are all that it takes to write there.
  [
    /((?:hooks\.slack\.com\/(?:services|workflows|triggers)|webhook\.office\.com\/webhookb2|discord(?:app)?\.com\/api\/webhooks)\/)[^\s"'\\]+/gi,
    `$1${REDACTED}`,
  ],
  // The forms that GitHub and others give their own.
  [
    /(?:gh[pousr]_|github_pat_|glpat-|npm_|dckr_pat_|hvs\.|xox[abeoprs]-|xapp-|AIza|\bhf_|\bsk-(?:proj|ant|svcacct)-|\b[rs]k_(?:live|test)_|\bSG\.|pypi-AgE)[\w.-]{10,}/g,
    REDACTED,
  ],
  [/\b(?:AKIA|ASIA)[A-Z\d]{16}\b/g, REDACTED],
];

/** Those of texts by others. */
const LIKELY_FORMS: readonly Shape[] = [
  // Headers, as curl and Go print them.
  [
    new RegExp(`\\b((?:Proxy-)?Authorization['"\\\\]*\\s*[:=]\\s*['"\\\\[]*token)\\s+[^\\s'"\\]]+`, 'gi'),
    `$1 ${REDACTED}`,
  ],
  [/\b((?:set-)?cookie['"\\]*\s*:\s*['"\\[]*)[^'"\\\]]+/gi, `$1${REDACTED}`],
  // Addresses that are signed.
  [
    /([?&](?:sig|signature|[\w-]*token|x-(?:amz|goog)-(?:signature|credential|security-token))=)[^&\s"'\\]+/gi,
    `$1${REDACTED}`,
  ],
  [/\bv1\.[0-9a-z]{36,}\b/g, REDACTED],
  // A token that registers or removes runners. No name of an object has capitals.
  [/\bA[A-Z\d]{28}\b/g, REDACTED],
  // JSON web tokens, JIT configs and keys.
  [/\bey[IJ][\w-]{6,}(?:\.[\w-]+){0,2}/g, REDACTED],
  [/-----BEGIN[^-]+-----[\s\S]*/g, REDACTED],
  // Fields of JSON, also of JSON within JSON, of YAML and of the environment.
  [new RegExp(`("(?:${NAME}|auth)\\\\*"\\s*:\\s*\\\\*")(?:[^"\\\\]|\\\\+[^"\\\\])+`, 'gi'), `$1${REDACTED}`],
  [new RegExp(`\\b(${NAME}\\s*[:=]\\s*(["']))(?:(?!\\2).)+(?=\\2|$)`, 'gi'), `$1${REDACTED}`],
  // Not a mere word: `secret: not found`.
  [new RegExp(`\\b(${NAME}\\s*[:=]\\s*(?:[|>]-?\\s+)?)(?=[^\\s",}&]*\\d)[^\\s",}&]{6,}`, 'gi'), `$1${REDACTED}`],
  // Variables of a container, as objects have them.
  [
    new RegExp(
      `(name\\\\*"\\s*:\\s*\\\\*"${NAME}\\\\*"\\s*,\\s*\\\\*"value\\\\*"\\s*:\\s*\\\\*")(?:[^"\\\\]|\\\\+[^"\\\\])+`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  [new RegExp(`(name:\\s*["']?${NAME}["']?,?\\s*value:\\s*["']?)[^\\s"',}]+`, 'gi'), `$1${REDACTED}`],
  // Names of variables in capitals, and words for a password, with no more than a blank before the value.
  [/\b([A-Z][A-Z\d_]*_(?:TOKEN|SECRET|PASSWORD|PASS|KEY)\s+)(?=\S*\d)[^\s"',}]{6,}/g, `$1${REDACTED}`],
  [/\b((?:password|passwort|passphrase)\s+)(?=\S*\d)[^\s"',}]{6,}/gi, `$1${REDACTED}`],
  // Options of commands.
  [
    /(\s--?(?:password|passphrase|token|pat|secret|jitconfig|client-secret)(?:=|\s+)["'\\]*)(?!-)[^\s"'\\]+/gi,
    `$1${REDACTED}`,
  ],
  [/(\bsshpass\s+-p\s*|\bmysql\w*\b[^\n]*?\s-p)[^\s"']+/g, `$1${REDACTED}`],
  [/(\s(?:-u|--user|--proxy-user)(?:=|\s+)['"]?[^\s:'"]+:)[^\s'"]+/g, `$1${REDACTED}`],
  [/(\blogin\b[^\n]*?\s-p(?:=|\s+))[^\s"']+/g, `$1${REDACTED}`],
];

/** Long runs of such characters are keys, configs and signatures, or the path of an address. */
const LONG = /[A-Za-z0-9+/_-]{80,}={0,2}/g;
const PATH_PART = /^(?:[A-Z]?[a-z]+|\d+|[-_])*$/;
/** A line of a key in several lines has nothing else. */
const KEY_LINE = /^[\s|>"']*[A-Za-z0-9+/]{60,}={0,2}[\s"',]*$/;
const COLOUR = /(?:\u001b|\\u001b|\\x1b|\\033)\[[\d;]*m/gi;

/** A text of our own without what is a credential by its form, known or not. */
export function withoutKnownForms(text: string): string {
  return OWN_FORMS.reduce((clean, [pattern, left]) => clean.replace(pattern, left), text);
}

/** A text of somebody else's without what looks like a credential: nothing else tells it. */
export function withoutCredentials(text: string): string {
  if (KEY_LINE.test(text)) return REDACTED;
  const plain = withoutKnownForms(text.replace(COLOUR, '').replace(LONG, withoutLong));
  return LIKELY_FORMS.reduce((clean, [pattern, left]) => clean.replace(pattern, left), plain);
}

/** Where the path of an address has a run like this, its host begins it. */
function withoutLong(run: string, place: number, text: string): string {
  const parts = run.split('/');
  if (parts.length > 1 && parts.every((part) => PATH_PART.test(part))) return run;
  const isOfHost = /\/\/[\w.-]*$/.test(text.slice(Math.max(0, place - 253), place));
  return isOfHost && parts.length > 1 ? `${parts[0]}/${REDACTED}` : REDACTED;
}

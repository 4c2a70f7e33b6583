import { SecretRegistry } from '../base/redact.ts';
import { visibleText } from '../base/visible-text.ts';

const LONGEST = 600;
const NAME = '[\\w-]*(?:token|secret|password|passwd|jitconfig|privatekey|authorization|api_?key)';
const NAMED_QUOTED = new RegExp(`("${NAME}\\\\?"\\s*:\\s*\\\\?")[^"\\\\]+`, 'gi');
/** Not a mere word: `secret: not found`. */
const NAMED_BARE = new RegExp(`\\b(${NAME}\\s*[:=]\\s*)(?=[^\\s",}&]*\\d)[^\\s",}&]{6,}`, 'gi');
/** A token that registers or removes runners. No name of an object has capitals. */
const RUNNER_TOKEN = /\bA[A-Z\d]{28}\b/g;
const NO_SECRETS = new SecretRegistry();

/**
 * Text of a log as it may be kept and shown: without credentials, in one line, not too long. The log is somebody else's,
 * so that what a credential looks like is all there is to go by.
 */
export function clean(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return copyOf(
    visibleText(
      NO_SECRETS.redact(short)
        // JSON web tokens, JIT configs and keys.
        .replace(/\beyJ[\w-]{10,}(?:\.[\w-]+){0,2}/g, '[redacted]')
        .replace(/[A-Za-z0-9+/_-]{80,}={0,2}/g, '[redacted]')
        .replace(NAMED_QUOTED, '$1[redacted]')
        .replace(NAMED_BARE, '$1[redacted]')
        .replace(RUNNER_TOKEN, '[redacted]')
        .replace(/-----BEGIN[^-]+-----[\s\S]*/g, '[redacted]')
        .replace(/\s+/g, ' ')
        .trim(),
    ),
  );
}

/** A text of its own: a part of another one keeps all of that in memory, a megabyte of log. */
export function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

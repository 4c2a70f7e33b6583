import { withoutCredentials } from '../base/credential-shapes.ts';
import { wholeWords } from '../base/cut-text.ts';
import { visibleText } from '../base/visible-text.ts';

const LONGEST = 600;
/** What is looked at for credentials before a text is cut: half of one no longer looks like it. */
const LOOKED_AT = 16_384;

/**
 * Text of a log as it may be kept and shown: without credentials, in one line, not too long. The log is somebody else's,
 * so that what a credential looks like is all there is to go by.
 */
export function clean(text: string): string {
  const plain = visibleText(withoutCredentials(wholeWords(text, LOOKED_AT)).replace(/\s+/g, ' ').trim());
  const isCut = plain.length > LONGEST || text.length > LOOKED_AT;
  return copyOf(isCut ? `${plain.slice(0, LONGEST)}…` : plain);
}

/** A text of its own: a part of another one keeps all of that in memory, a megabyte of log. */
export function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

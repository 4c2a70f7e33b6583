import { isJsonObject } from '../base/json.ts';
import { hashString } from '../base/random.ts';

/** Letters and digits that make no words, by which Kubernetes writes hashes. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

/** The hash of a text as upstream writes it into names: FNV-1a of its bytes, in letters that make no words. */
export function hashOfText(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return String(hashString(bytes)).replace(/\d/g, (digit) => SAFE[digit.charCodeAt(0) % SAFE.length] as string);
}

/**
 * A hash of what an object is made from, as ARC writes it into labels and annotations. Upstream hashes Go's dump of its own
 * structures, which cannot be had here. Nothing reads the value but to compare it with another one of the same process, so
 * ours is a hash of the same parts as JSON, in whatever order an API server has given their fields.
 */
export function hashOf(parts: unknown): string {
  return hashOfText(JSON.stringify(parts, sorted) ?? '');
}

function sorted(_key: string, value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

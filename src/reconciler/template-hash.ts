import { hashString } from '../base/random.ts';

/**
 * A hash of what an object is made from, as ARC writes it into labels and annotations: letters and digits that make no
 * words. Upstream hashes Go's dump of its own structures, which cannot be had here. Nothing reads the value but to compare
 * it with another one of the same controller, so ours is a hash of the same parts.
 */
export function hashOf(parts: unknown): string {
  return hashString(JSON.stringify(parts))
    .toString(10)
    .replace(/\d/g, (digit) => 'bcdfghjklm'[Number(digit)] as string)
    .slice(0, 10);
}

import { statSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

/** Of a smaller log the heap stays small by itself; a packed one is about ten times as long as its file. */
const LARGE = 200e6;
const PACKED = 10;

/**
 * Before logs of hundreds of megabytes are read: lines are garbage as soon as they have been read, so that the room for new
 * objects need not grow, and the rest may grow in small steps: no more than a tenth of it is garbage.
 */
export function keepHeapSmall(files: readonly string[]): void {
  const bytes = files.reduce((sum, file) => {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    return sum + size * (file.endsWith('.gz') ? PACKED : 1);
  }, 0);
  if (bytes < LARGE) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=10');
}

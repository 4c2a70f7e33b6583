import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools.ts';

/** Where a picture is kept that people look at, by its name with the ending. */
export function screenshotPath(name: string): string {
  const folder = join(ROOT, '.cache', 'workbench', 'screenshots');
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}

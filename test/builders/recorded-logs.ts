import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const FOLDER = new URL('../unit/evidence/logs/', import.meta.url);

/**
 * A log that a real controller or listener wrote.
 * @param name of its file, without `.log.gz`: `jobs-50-old.controller`
 */
export function recordedLog(name: string): string {
  return gunzipSync(readFileSync(new URL(`${name}.log.gz`, FOLDER))).toString();
}

export function recordedLines(name: string): string[] {
  return recordedLog(name).trimEnd().split('\n');
}

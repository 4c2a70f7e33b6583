import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './runner.ts';

/** What the real API server answered in each check: JSON lines, one check a line. */
const FILE = fileURLToPath(new URL('recorded.jsonl', import.meta.url));

export function readRecorded(): Map<string, Outcome[]> {
  const lines = readFileSync(FILE, 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const { name, outcomes } = JSON.parse(line) as { name: string; outcomes: Outcome[] };
      return [name, outcomes];
    }),
  );
}

export function writeRecorded(recorded: ReadonlyMap<string, readonly Outcome[]>): void {
  const lines = [...recorded].map(([name, outcomes]) => JSON.stringify({ name, outcomes }));
  writeFileSync(FILE, `${lines.join('\n')}\n`);
}

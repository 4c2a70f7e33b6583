import type { Context } from 'mocha';

/** Skips what a hook or test belongs to when a tool is missing, and says why. */
export function skipWithout(test: Context, missing: string | undefined): void {
  if (missing === undefined) return;
  process.stderr.write(`skipped: ${missing}\n`);
  test.skip();
}

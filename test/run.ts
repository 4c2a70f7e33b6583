import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Mocha from 'mocha';
import { apiServerTools, missingTool } from './apiserver/tools.ts';
import { missingWorkbenchTool, workbenchTools } from './workbench/tools.ts';

/**
 * Runs every test, or those whose path contains an argument. The last line counts them. A tier whose tool is missing is
 * skipped with the reason; under CI=true a skipped test is a failed one.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();

// Tests of the command line run what users run.
execFileSync(process.execPath, [join(root, 'esbuild.mjs')], { cwd: root, stdio: 'inherit' });

// Minutes the first time, on a machine that can; here no test's time limit counts them.
if (files.some((file) => file.includes('-real.')) && missingTool() === undefined) apiServerTools();
if (files.some((file) => file.includes('-workbench.')) && missingWorkbenchTool() === undefined) workbenchTools();

const mocha = new Mocha({ timeout: 30_000, reporter: process.env['CI'] === 'true' ? 'spec' : 'dot' });
for (const file of files) mocha.addFile(join(root, 'test', file));
await mocha.loadFilesAsync();
const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = await new Promise<number>((resolve) => {
  mocha
    .run(resolve)
    .on('pass', () => counts.passed++)
    .on('fail', () => counts.failed++)
    .on('pending', () => counts.skipped++)
    // Mocha reports only the last try, which may fail for what the first one left behind.
    .on('retry', (test: Mocha.Test, error: Error) => {
      process.stdout.write(`tried again: ${test.fullTitle()}\n${error.stack ?? error.message}\n`);
    });
});
const nothingMayBeSkipped = process.env['CI'] === 'true' && counts.skipped > 0;
if (nothingMayBeSkipped) process.stdout.write(`${counts.skipped} tests were skipped, which CI does not allow\n`);
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
process.exit(failures > 0 || nothingMayBeSkipped || counts.passed === 0 ? 1 : 0);

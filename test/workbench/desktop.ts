import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { buildForHost } from './suites.ts';
import { ROOT } from './tools.ts';

/**
 * Runs the suites of host/ in VS Code on a desktop. Downloads one, or takes the one that VSCODE_PATH names.
 */
const executable = process.env['VSCODE_PATH'];
try {
  await runTests({
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: await buildForHost('index'),
    launchArgs: [join(ROOT, 'test'), '--disable-extensions'],
    ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
  });
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`The suites did not run to a good end on a desktop: ${reason}`);
  if (executable === undefined)
    console.error('Where VS Code cannot be downloaded, name one: VSCODE_PATH=/path/to/code');
  process.exitCode = 1;
}

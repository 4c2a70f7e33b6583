import assert from 'node:assert/strict';
import { inExtensionHost } from './extension-host.ts';
import { missingWorkbenchTool } from './tools.ts';
import { skipWithout } from '../builders/skip.ts';

/** Lines of Mocha's report, and of errors; the workbench logs much besides. */
const WORTH_SHOWING = /^\s*(\d|✔|\S*✔|[A-Z]\w*Error|at |the extension)/;

/** The suites of host/ in the extension host of VS Code's server, with the packaged extension. */
describe('the suites in the extension host', function () {
  this.timeout(10 * 60_000);

  before(function () {
    skipWithout(this, missingWorkbenchTool());
  });

  it('pass', async () => {
    const { code, output } = await inExtensionHost('index');
    const shown = output.filter((line) => WORTH_SHOWING.test(line));
    assert.equal(code, 0, `the suites failed:\n${shown.join('\n')}`);
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { format } from 'node:util';
import { freePort } from '../builders/free-port.ts';
import { buildSuites } from './suites.ts';
import { missingWorkbenchTool, workbenchTools } from './tools.ts';
import { launchBrowser, WorkbenchFolders } from './workbench.ts';

/** The suites of host/ in the extension host of VS Code's server, with the packaged extension. */
describe('the suites in the extension host', function () {
  this.timeout(10 * 60_000);

  before(function () {
    const missing = missingWorkbenchTool();
    if (missing !== undefined) {
      process.stderr.write(`skipped: ${missing}\n`);
      this.skip();
    }
  });

  it('pass', async () => {
    const { node, serverMain } = workbenchTools();
    const suites = await buildSuites();
    const folders = new WorkbenchFolders({});
    const extension = folders.install();
    const port = await freePort();
    const authority = `127.0.0.1:${port}`;
    const flags = ['--without-connection-token', '--host', '127.0.0.1', '--port', String(port)];
    flags.push('--enable-smoke-test-driver', '--accept-server-license-terms', '--server-data-dir', folders.data);
    const server = spawn(node, [serverMain, ...flags], { stdio: ['ignore', 'pipe', 'ignore'] });
    const browser = await launchBrowser();
    try {
      await new Promise<void>((resolve) => {
        server.stdout.on('data', (text: Buffer) => {
          if (text.toString().includes('Extension host agent listening')) resolve();
        });
      });
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const output: string[] = [];
      await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
        const line = format(...args);
        if (!/^\s*(\d|✔|\S*✔|[A-Z]\w*Error|at |the extension)/.test(line) && type !== 'error') return;
        output.push(line);
      });
      const code = new Promise<number>((resolve) => {
        void page.exposeFunction('codeAutomationExit', (exitCode: number) => resolve(exitCode));
      });
      const remote = (path: string): string => `vscode-remote://${authority}${path}`;
      const payload = JSON.stringify([
        ['extensionDevelopmentPath', remote(extension)],
        ['extensionTestsPath', remote(suites)],
      ]);
      const query = new URLSearchParams({ folder: folders.workspace, payload });
      await page.goto(`http://${authority}/?${query.toString()}`);
      assert.equal(await code, 0, `the suites failed:\n${output.join('\n')}`);
    } finally {
      await browser.close();
      server.kill();
      folders.remove();
    }
  });
});

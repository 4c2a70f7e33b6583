import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { freePort } from '../builders/free-port.ts';
import { buildForHost } from './suites.ts';
import { workbenchTools } from './tools.ts';
import { launchBrowser, WorkbenchFolders } from './workbench.ts';

export interface HostRun {
  /** 0 when the bundle's `run` did not throw. */
  readonly code: number;
  /** Lines that it logged, and errors. */
  readonly output: readonly string[];
}

/**
 * Runs a file of host/ in the extension host of VS Code's server, with the packaged extension and the workbench in a
 * browser, as VS Code's own tests run.
 * @param name the file's name without its ending; it exports `run`
 * @param flags more flags of VS Code's server
 * @param asExtension whether VS Code takes the file for a part of the extension, whose webviews are sent buffers as such
 */
export async function inExtensionHost(
  name: string,
  { flags = [], asExtension = false }: { readonly flags?: readonly string[]; readonly asExtension?: boolean } = {},
): Promise<HostRun> {
  const { node, serverMain } = workbenchTools();
  const built = await buildForHost(name);
  const folders = new WorkbenchFolders({});
  const extension = folders.install();
  const entry = asExtension ? join(extension, `${name}.cjs`) : built;
  if (asExtension) copyFileSync(built, entry);
  const port = await freePort();
  const authority = `127.0.0.1:${port}`;
  const all = ['--without-connection-token', '--host', '127.0.0.1', '--port', String(port)];
  all.push(
    '--enable-smoke-test-driver',
    '--accept-server-license-terms',
    '--disable-workspace-trust',
    '--server-data-dir',
    folders.data,
    ...flags,
  );
  const server = spawn(node, [serverMain, ...all], { stdio: ['ignore', 'pipe', 'ignore'] });
  const browser = await launchBrowser();
  try {
    await new Promise<void>((resolve) => {
      server.stdout.on('data', (text: Buffer) => {
        if (text.toString().includes('Extension host agent listening')) resolve();
      });
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const output: string[] = [];
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => output.push(format(...args)));
    const code = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (exitCode: number) => resolve(exitCode));
    });
    const remote = (path: string): string => `vscode-remote://${authority}${path}`;
    const payload = JSON.stringify([
      ['extensionDevelopmentPath', remote(extension)],
      ['extensionTestsPath', remote(entry)],
    ]);
    const query = new URLSearchParams({ folder: folders.workspace, payload });
    await page.goto(`http://${authority}/?${query.toString()}`);
    return { code: await code, output };
  } finally {
    await browser.close();
    server.kill();
    folders.remove();
  }
}

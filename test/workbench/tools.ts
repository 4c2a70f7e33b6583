import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HERE = join(ROOT, 'test', 'workbench');
const CODE_SERVER = join(HERE, 'node_modules', 'code-server');
const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export interface WorkbenchTools {
  readonly chromium: string;
  /** A Node.js that runs the workbench's server. */
  readonly node: string;
  /** The server as people start it. */
  readonly codeServer: string;
  /** The same server as VS Code's own tests start it. */
  readonly serverMain: string;
}

/** Why the tier cannot run here; undefined when it can. */
export function missingWorkbenchTool(): string | undefined {
  return chromium() === undefined ? 'Chromium is not installed' : undefined;
}

/** Installs the workbench where it is not there yet, which takes minutes. */
export function workbenchTools(): WorkbenchTools {
  const browser = chromium();
  if (browser === undefined) throw new Error('Chromium is not installed');
  if (!existsSync(join(CODE_SERVER, 'out', 'node', 'entry.js'))) {
    process.stdout.write('installing the VS Code workbench for its tests …\n');
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: HERE,
      stdio: 'inherit',
      env: withoutNpm(process.env),
    });
  }
  return {
    chromium: browser,
    node: process.execPath,
    codeServer: join(CODE_SERVER, 'out', 'node', 'entry.js'),
    serverMain: join(CODE_SERVER, 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

/**
 * The environment less what an npm around this process put there: an inner npm would say of itself that it runs on the outer
 * one's Node.js, and code-server refuses to be installed on any but its own.
 */
function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^npm_/i.test(name)));
}

function chromium(): string | undefined {
  return [process.env['CHROMIUM'] ?? '', ...CHROMIUMS].find((path) => path !== '' && existsSync(path));
}

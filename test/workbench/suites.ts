import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './tools.ts';

/**
 * Builds a file of host/, and the suites beside it, as CommonJS, which is what extension hosts load tests as.
 * @returns the path of what was built
 */
export async function buildForHost(name: string): Promise<string> {
  const outdir = join(ROOT, 'out-test');
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  await build({
    entryPoints: [name, 'suite'].map((file) => join(ROOT, 'test', 'workbench', 'host', `${file}.ts`)),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return join(outdir, `${name}.js`);
}

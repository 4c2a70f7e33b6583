import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './tools.ts';

/** Builds the suites of host/ as CommonJS, which is what extension hosts load tests as; gives the path of their entry. */
export async function buildSuites(): Promise<string> {
  const outdir = join(ROOT, 'out-test');
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  await build({
    entryPoints: ['index', 'suite'].map((name) => join(ROOT, 'test', 'workbench', 'host', `${name}.ts`)),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return join(outdir, 'index.js');
}

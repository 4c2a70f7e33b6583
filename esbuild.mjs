import { build } from 'esbuild';
import { rm } from 'node:fs/promises';

// The command line. What reads kubeconfigs is large and loaded on attach only: splitting puts it into a file of its own.
await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { cli: 'src/cli/entry.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  minify: true,
  keepNames: true,
  sourcemap: true,
  legalComments: 'linked',
  banner: {
    // Packages in CommonJS form call require().
    js: "#!/usr/bin/env node\nimport { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

import { build } from 'esbuild';
import { chmod, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Of the Kubernetes client only what reads kubeconfigs is used; its clients for every kind of object are 3 MB. */
const kubeconfigReader = fileURLToPath(import.meta.resolve('@kubernetes/client-node').replace('index.js', 'config.js'));

const { version } = JSON.parse(await readFile('package.json', 'utf8'));

const shared = {
  bundle: true,
  minify: true,
  sourcemap: true,
  // The sources that anybody looks at are beside what is built.
  sourcesContent: false,
  legalComments: 'linked',
  logLevel: 'warning',
};

// What is built is made from nothing; the package for VS Code, which is made of it, stays until it is made again.
for (const file of await readdir('dist').catch(() => [])) {
  if (!file.endsWith('.vsix')) await rm(join('dist', file), { recursive: true, force: true });
}
/** What the extension loads when somebody wants it; files of their own, the engine's shared with the CLI. */
const onDemand = [
  'extension/commands/debug',
  'extension/commands/handlers',
  'extension/commands/restore',
  'extension/timeline-captions',
  'extension/timeline-feed',
  'extension/yaml-text',
  'kubernetes/remote/contexts',
  'apply/check',
  'debug-adapter/adapter',
  'apply/restore-all',
  'apply/restore-notes',
  'explain/connection-words',
  'explain/explain-runner',
  'explain/why-apart',
  'model/metrics-server',
  'kubernetes/remote/namespaces',
  'export/exporters',
  'report/explain-logs',
  'report/fitted-answer',
  'report/upgrade-markdown',
  'upgrade/check-target',
  'evidence/inputs',
  'evidence/open-input',
  'run/session',
  'watch/watch-session',
  'what-if/what-if',
  'run/simulation-pool',
  'run/simulation-worker',
  'trace/synthetic-trace',
  'run/texts',
  'trace/jsonl',
];

/**
 * Each file that imports vscode would ask for it and copy its 400 names again, which takes longer than all else that is done
 * while VS Code waits: here it is asked for once, for the names that are used.
 */
const vscodeOnce = {
  name: 'vscode-once',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'vscode-once' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'vscode-once' },
    );
    onLoad({ filter: /.*/, namespace: 'vscode-once' }, async () => ({
      contents: `const api = require('vscode');\n${[...(await namesOfVscode())]
        .map((name) => `export const ${name} = api.${name};`)
        .join('\n')}`,
    }));
  },
};

/**
 * Imported by a module, all that node:http has is looked up, and for one thing of that a client that nobody uses is loaded,
 * which takes a twentieth of a second; a module that is required is looked up name by name.
 */
const httpByName = {
  name: 'http-by-name',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement'
        ? { path: 'node:http', namespace: 'http-by-name' }
        : { path: 'node:http', external: true },
    );
    onLoad({ filter: /.*/, namespace: 'http-by-name' }, () => ({ contents: "module.exports = require('node:http');" }));
  },
};

/** What the extension's files use of VS Code's interface. */
async function namesOfVscode() {
  const names = new Set();
  for (const file of await readdir('src/extension', { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    for (const [, name] of (await readFile(join('src/extension', file), 'utf8')).matchAll(/\bvscode\.([A-Za-z]\w*)/g)) {
      names.add(name);
    }
  }
  return names;
}

await build({
  ...shared,
  define: { ARC_LAB_VERSION: JSON.stringify(version) },
  entryPoints: [
    { in: 'src/cli/entry.ts', out: 'cli' },
    ...onDemand.map((path) => ({ in: `src/${path}.ts`, out: `engine/${path}` })),
  ],
  outdir: 'dist',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  alias: { '@kubernetes/client-node': kubeconfigReader },
  plugins: [vscodeOnce, httpByName],
  banner: {
    // Packages in CommonJS form call require().
    js: "#!/usr/bin/env node\nimport { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
  },
});
// npx runs the file itself; npm makes it executable only while it installs.
await chmod('dist/cli.js', 0o755);
// The extension in one CommonJS file: VS Code waits for it, and loads modules of the newer kind an order slower.
await build({
  ...shared,
  entryPoints: { extension: 'src/extension/extension.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  plugins: [
    vscodeOnce,
    {
      name: 'on-demand',
      setup({ onResolve }) {
        onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
          if (kind !== 'dynamic-import') return undefined;
          const part = relative(fileURLToPath(new URL('src', import.meta.url)), join(resolveDir, path)).replace(
            /\.ts$/,
            '',
          );
          if (onDemand.includes(part)) return { path: `./engine/${part}.js`, external: true };
          return { errors: [{ text: `${part} is loaded on demand and has to be in the list of those parts` }] };
        });
      },
    },
  ],
});
// The pages of the timeline and of the What If editor.
const page = { ...shared, outdir: 'dist', platform: 'browser', target: 'chrome130' };
await build({
  ...page,
  entryPoints: { timeline: 'src/webview/main.ts', 'what-if': 'src/webview/what-if/main.ts' },
  format: 'esm',
  tsconfig: 'src/webview/tsconfig.json',
});
await build({
  ...page,
  entryPoints: { timeline: 'src/webview/style.css', 'what-if': 'src/webview/what-if/style.css' },
  sourcemap: false,
});
// What can be stepped through in a debugger, and what it imports; source maps lead there.
for (const folder of ['actions', 'base', 'kubernetes', 'listener', 'reconciler', 'runtime']) {
  const filter = (path) => !/kubernetes.(embedded|remote)$/.test(path);
  await cp(`src/${folder}`, `dist/src/${folder}`, { recursive: true, filter });
}
await writeFile(
  'dist/src/tsconfig.json',
  JSON.stringify({
    compilerOptions: {
      module: 'NodeNext',
      target: 'ES2023',
      strict: true,
      allowImportingTsExtensions: true,
      noEmit: true,
    },
  }),
);

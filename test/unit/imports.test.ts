import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** Which folder may import which; data flows one way. Longer folder names take precedence. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  base: [],
  kubernetes: ['base'],
  'kubernetes/remote': ['kubernetes', 'base'],
  'kubernetes/embedded': ['kubernetes', 'base'],
  actions: ['base'],
  runtime: ['base', 'kubernetes'],
  reconciler: ['runtime', 'kubernetes', 'actions', 'base'],
  listener: ['runtime', 'reconciler', 'kubernetes', 'actions', 'base'],
  trace: ['base'],
  timeline: ['base', 'trace', 'analysis'],
  analysis: ['base', 'trace'],
  evidence: ['base', 'kubernetes', 'reconciler', 'trace', 'problems'],
  upgrade: ['apply', 'evidence', 'kubernetes', 'kubernetes/remote', 'reconciler', 'base'],
  problems: ['base', 'kubernetes', 'reconciler', 'trace'],
  model: ['listener', 'actions', 'base', 'kubernetes', 'runtime', 'reconciler', 'trace', 'problems'],
  apply: ['base', 'kubernetes', 'kubernetes/remote', 'actions', 'runtime', 'reconciler'],
  run: [
    'base',
    'listener',
    'kubernetes',
    'kubernetes/remote',
    'kubernetes/embedded',
    'actions',
    'runtime',
    'reconciler',
    'listener',
    'trace',
    'analysis',
    'problems',
    'model',
    'apply',
  ],
  watch: [
    'apply',
    'run',
    'evidence',
    'model',
    'runtime',
    'reconciler',
    'trace',
    'kubernetes',
    'kubernetes/remote',
    'base',
  ],
  serve: ['run', 'kubernetes', 'kubernetes/embedded', 'actions', 'base'],
  explain: [
    'run',
    'model',
    'problems',
    'analysis',
    'timeline',
    'trace',
    'reconciler',
    'kubernetes',
    'kubernetes/remote',
    'base',
  ],
  fit: ['base', 'evidence', 'run', 'reconciler', 'kubernetes/embedded', 'trace'],
  advice: ['explain', 'run', 'reconciler', 'analysis', 'base'],
  bench: ['run', 'analysis', 'trace'],
  invariants: ['actions', 'base', 'kubernetes', 'reconciler', 'runtime'],
  debug: ['actions', 'base', 'invariants', 'kubernetes', 'reconciler', 'trace', 'runtime', 'run'],
  'debug-adapter': ['base', 'debug', 'evidence', 'kubernetes', 'reconciler', 'run', 'runtime', 'trace'],
  hindsight: ['base', 'kubernetes', 'reconciler', 'runtime', 'run', 'trace'],
  report: [
    'bench',
    'watch',
    'advice',
    'explain',
    'fit',
    'upgrade',
    'evidence',
    'run',
    'model',
    'problems',
    'analysis',
    'timeline',
    'trace',
    'reconciler',
    'kubernetes',
    'base',
  ],
  export: ['report', 'run', 'analysis', 'trace', 'reconciler'],
  'protocol.ts': ['timeline', 'analysis', 'trace'],
  'what-if-protocol.ts': ['protocol.ts'],
  'what-if': [
    'report',
    'advice',
    'explain',
    'run',
    'analysis',
    'trace',
    'reconciler',
    'runtime',
    'what-if-protocol.ts',
    'base',
  ],
  webview: ['timeline', 'problems', 'protocol.ts', 'what-if-protocol.ts', 'base'],
  extension: [
    'what-if',
    'what-if-protocol.ts',
    'advice',
    'hindsight',
    'debug-adapter',
    'watch',
    'export',
    'report',
    'explain',
    'upgrade',
    'evidence',
    'run',
    'apply',
    'model',
    'problems',
    'analysis',
    'protocol.ts',
    'timeline',
    'trace',
    'reconciler',
    'runtime',
    'kubernetes',
    'kubernetes/remote',
    'base',
  ],
  cli: [
    'hindsight',
    'debug-adapter',
    'watch',
    'export',
    'report',
    'bench',
    'advice',
    'fit',
    'explain',
    'upgrade',
    'evidence',
    'serve',
    'run',
    'apply',
    'model',
    'analysis',
    'trace',
    'reconciler',
    'runtime',
    'kubernetes',
    'kubernetes/remote',
    'base',
  ],
};

/** Packages that only these folders may import. */
const CONFINED: Readonly<Record<string, readonly string[]>> = {
  'damerau-levenshtein': ['base'],
  '@kubernetes/client-node': ['kubernetes/remote'],
  '@marcbachmann/cel-js': ['debug'],
  '@vscode/debugadapter': ['debug-adapter'],
  '@vscode/debugprotocol': ['debug-adapter'],
  'prom-client': ['model'],
  'http-proxy-agent': ['actions'],
  'https-proxy-agent': ['actions'],
  yaml: ['kubernetes', 'kubernetes/remote', 'run', 'serve', 'extension'],
  '@vscode-elements/elements': ['webview'],
  '@vscode/l10n': [
    'base',
    'evidence',
    'fit',
    'upgrade',
    'timeline',
    'model',
    'problems',
    'run',
    'watch',
    'explain',
    'report',
    'export',
    'what-if',
    'webview',
    'debug',
    'debug-adapter',
    'hindsight',
    'extension',
  ],
  protobufjs: ['kubernetes/embedded'],
  rfc6902: ['kubernetes/embedded'],
  selfsigned: ['kubernetes/embedded'],
  vscode: ['extension'],
};

interface Import {
  readonly file: string;
  readonly from: string;
}

describe('the folders of src', () => {
  const imports = allImports();

  it('import only what lies before them', () => {
    const wrong = imports.filter(({ file, from }) => {
      if (!from.startsWith('.')) return false;
      const [source, target] = [folderOf(file), folderOf(normalize(join(dirname(file), from)))];
      return source !== target && ALLOWED[source]?.includes(target) !== true;
    });
    assert.deepEqual(wrong, [], 'see the table in src/README.md');
  });

  it('are allowed no import that they do not have', () => {
    const has = new Set(
      imports.map(({ file, from }) => `${folderOf(file)} ${folderOf(normalize(join(dirname(file), from)))}`),
    );
    const unused = Object.entries(ALLOWED).flatMap(([folder, others]) =>
      others.map((other) => `${folder} ${other}`).filter((pair) => !has.has(pair)),
    );
    assert.deepEqual(unused, [], 'the table, here and in src/README.md, says what there is');
  });

  it('keep each package in its place', () => {
    const wrong = imports.filter(({ file, from }) => {
      if (from.startsWith('.') || from.startsWith('node:')) return false;
      const name = from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/');
      return CONFINED[name]?.includes(folderOf(file)) !== true;
    });
    assert.deepEqual(wrong, [], 'a package is imported by the folders that wrap it');
  });

  it('have no cycle between files, imports of types counted', () => {
    const next = new Map<string, string[]>();
    for (const { file, from } of imports) {
      if (from.startsWith('.')) next.set(file, [...(next.get(file) ?? []), normalize(join(dirname(file), from))]);
    }
    assert.deepEqual(cyclesOf(next), [], 'a file that both need breaks a cycle');
  });

  it('are the ones that the table names', () => {
    const folders = new Set(sourceFiles().map(folderOf));
    assert.deepEqual([...folders].sort(), Object.keys(ALLOWED).sort());
  });
});

function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
}

function allImports(): Import[] {
  return sourceFiles().flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    return [...text.matchAll(/(?:from\s|import\(|^import\s)\s*'([^'\n]+)'/gm)].map((match) => ({
      file,
      from: match[1] as string,
    }));
  });
}

/** The longest folder of the table that the file lies in. */
function folderOf(file: string): string {
  const candidates = Object.keys(ALLOWED).filter((folder) => file.startsWith(`${folder}/`));
  return candidates.sort((a, b) => b.length - a.length)[0] ?? (file.split('/')[0] as string);
}

/** One cycle for each file that closes one, as a path that ends where it began. */
function cyclesOf(next: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const cycles: string[] = [];
  const visit = (file: string): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' > '));
    if (done.has(file)) return;
    done.add(file);
    path.push(file);
    for (const one of next.get(file) ?? []) visit(one);
    path.pop();
  };
  for (const file of next.keys()) visit(file);
  return cycles;
}

describe('the search for cycles', () => {
  it('finds one through several files, and none in a diamond', () => {
    const files = (arrows: string): Map<string, string[]> => {
      const map = new Map<string, string[]>();
      for (const [from, to] of arrows.split(' ').map((arrow) => arrow.split('>') as [string, string])) {
        map.set(from, [...(map.get(from) ?? []), to]);
      }
      return map;
    };
    assert.deepEqual(cyclesOf(files('a>b b>c c>a')), ['a > b > c > a']);
    assert.deepEqual(cyclesOf(files('a>b a>c b>d c>d')), []);
    assert.deepEqual(cyclesOf(files('a>b b>c c>b')), ['b > c > b']);
  });
});

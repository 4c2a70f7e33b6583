import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { basename, dirname, isAbsolute, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in the lab's own sources; lines and columns count from 1. */
export interface SourcePlace {
  /** Path below `src` with slashes, for example `reconciler/create-pod.ts`; the whole path of a log. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Of the function around it; empty outside of functions. */
  readonly function: string;
}

/** The lab's own source files, whether they run as they are or from what was built of them. */
export class SourceFiles {
  readonly #maps = new Map<string, SourceMap | undefined>();
  readonly #lines = new Map<string, readonly string[]>();
  /** Where the sources can be opened. */
  readonly #root: string;
  /** Where the build took them from: source maps name them there. */
  readonly #origin: string;

  /** @param script URL of any of the lab's running files */
  constructor(script: string = import.meta.url) {
    const path = fileURLToPath(script);
    if (path.endsWith('.ts')) this.#root = this.#origin = topFolder(path, 'src');
    else {
      const built = topFolder(path, 'dist');
      this.#root = join(built, 'src');
      this.#origin = join(dirname(built), 'src');
    }
  }

  /** Where a file can be opened. What is none of the lab's, such as a log, is named by its whole path. */
  pathOf(file: string): string {
    return isAbsolute(file) ? file : join(this.#root, file);
  }

  /** The file at a path, as editors name it; undefined when it is not one of the lab's. */
  fileAt(path: string): string | undefined {
    const plain = normalize(path);
    return existsSync(plain) ? below(this.#root, plain) : undefined;
  }

  /** The lines of a source file; empty when it does not exist. */
  linesOf(file: string): readonly string[] {
    let lines = this.#lines.get(file);
    if (lines === undefined) {
      const path = this.pathOf(file);
      lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
      this.#lines.set(file, lines);
    }
    return lines;
  }

  /**
   * The source of a place in a running file.
   * @param line from 1, as in V8's call sites; likewise `column`
   */
  placeOf(script: string, line: number, column: number): SourcePlace | undefined {
    const path = script.startsWith('file:') ? fileURLToPath(script) : script;
    if (path.endsWith('.ts')) {
      const file = below(this.#origin, path);
      return file === undefined ? undefined : { file, line, column, function: this.#functionAt(file, line) };
    }
    const entry = this.#mapOf(path)?.findEntry(line - 1, column - 1);
    if (entry === undefined || !('originalSource' in entry)) return undefined;
    const file = below(this.#origin, join(dirname(path), entry.originalSource));
    if (file === undefined) return undefined;
    const sourceLine = entry.originalLine + 1;
    return { file, line: sourceLine, column: entry.originalColumn + 1, function: this.#functionAt(file, sourceLine) };
  }

  #mapOf(path: string): SourceMap | undefined {
    if (!this.#maps.has(path)) {
      const map = `${path}.map`;
      this.#maps.set(
        path,
        existsSync(map) ? new SourceMap(JSON.parse(readFileSync(map, 'utf8')) as SourceMapPayload) : undefined,
      );
    }
    return this.#maps.get(path);
  }

  /** Built files have short names for functions: the name is read where the function begins. */
  #functionAt(file: string, line: number): string {
    const lines = this.linesOf(file);
    for (let at = Math.min(line, lines.length) - 1; at >= 0; at--) {
      const found = FUNCTION.exec(lines[at] ?? '');
      if (found !== null) return found[1] ?? found[2] ?? '';
    }
    return '';
  }
}

/** The beginning of a function or of a method that is a generator. */
const FUNCTION = /^(?:export )?(?:async )?function\*? (\w+)|^ {2}(?:async )?\*#?(\w+)[<(]/;

/** The path of a source file from a folder on, with slashes; undefined where it is no source file in it. */
function below(folder: string, path: string): string | undefined {
  const inside = relative(folder, path);
  return inside.startsWith('..') || isAbsolute(inside) || !inside.endsWith('.ts')
    ? undefined
    : inside.replaceAll('\\', '/');
}

/** The innermost folder of this name around a path. */
function topFolder(path: string, name: string): string {
  let folder = dirname(path);
  while (basename(folder) !== name && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** A place in an answer that names a line of a log. */
interface LineLink {
  readonly from: number;
  readonly to: number;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Where an answer names lines of its logs, as `controller.log:12`. */
export function lineLinks(text: string, files: readonly string[]): LineLink[] {
  if (files.length === 0) return [];
  // The longest first: a name may be the beginning of another.
  const names = [...files]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const found = text.matchAll(new RegExp(`(?<![\\w./-])(${names.join('|')}):(\\d+)\\b`, 'g'));
  return [...found].map(({ 0: all, 1: file = '', 2: line, index }) => {
    return { from: index, to: index + all.length, file, line: Number(line) };
  });
}

/** Names that tell files apart: as short as they can be, from their ends. */
export function shortNames(paths: readonly string[]): string[] {
  return paths.map((path) => {
    const parts = path.split('/').filter((part) => part !== '');
    for (let count = 1; count < parts.length; count++) {
      const name = parts.slice(-count).join('/');
      if (paths.filter((other) => other === path || other.endsWith(`/${name}`)).length === 1) return name;
    }
    return parts.join('/');
  });
}

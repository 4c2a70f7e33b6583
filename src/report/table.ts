import { escapeMarkdown } from '../base/escape-markdown.ts';

/** Plain-text tables. Words are aligned to the left; figures, in all columns but the first, to the right. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  content: 'figures' | 'words' = 'figures',
): string {
  const widths = header.map((title, column) => Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - width(cell));
        return column === 0 || content === 'words' ? cell + padding : padding + cell;
      })
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((length) => '─'.repeat(length)).join('  '), ...rows.map(line)].join('\n');
}

/** The same in Markdown; the first column is words, the others are figures. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => escapeMarkdown(cell)).join(' | ')} |`;
  return [
    line(header),
    `|---|${header
      .slice(1)
      .map(() => '--:|')
      .join('')}`,
    ...rows.map(line),
  ].join('\n');
}

/** Characters, not UTF-16 units. */
function width(text: string): number {
  return [...text].length;
}

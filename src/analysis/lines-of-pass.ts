import type { TraceLog } from '../trace/trace-log.ts';

/** The lines of logs that a pass was put together from, in the order of the trace; `source` is a place among its sources. */
export function linesOfPass({ rows }: TraceLog, pass: number): { source: number; line: number }[] {
  const { lines, passes } = rows;
  const id = passes.id.get(pass);
  const found: { source: number; line: number }[] = [];
  if (Number.isNaN(id)) return found;
  for (let row = 0; row < lines.line.length; row++) {
    const [source, line] = [lines.source.get(row), lines.line.get(row)];
    if (lines.pass.get(row) === id && source >= 0 && line > 0) found.push({ source, line });
  }
  return found;
}

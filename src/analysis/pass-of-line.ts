import type { TraceLog } from '../trace/trace-log.ts';

/**
 * The pass that a line of a log is about.
 * @param source number of the log in the trace's header, from 0
 * @param line from 1
 * @returns the pass's number; undefined where the line is about none
 */
export function passOfLine({ rows, passCount }: TraceLog, source: number, line: number): number | undefined {
  const { lines, passes } = rows;
  for (let row = 0; row < lines.line.length; row++) {
    if (lines.line.get(row) !== line || lines.source.get(row) !== source) continue;
    const id = lines.pass.get(row);
    for (let pass = 0; pass < passCount; pass++) if (passes.id.get(pass) === id) return pass;
  }
  return undefined;
}

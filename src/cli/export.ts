import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { inWords } from '../base/count-words.ts';
import { systemProblem } from '../base/system-problem.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { longPieces, writeFileOf } from '../base/write-pieces.ts';
import type { Exporter, ExportedSection } from '../export/exporter.ts';
import { EXPORTERS, exporterFor, exporterOf } from '../export/exporters.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { TraceFormatError, TraceReader } from '../trace/jsonl.ts';
import { parseMixed, type Values } from './options.ts';
import { ownOutput, writing } from './output.ts';
import { RunError, UsageError } from './usage.ts';

/** `arc-lab export` */
export async function exportTraces(
  args: readonly string[],
  out: Pick<NodeJS.WriteStream, 'write'>,
  signal: AbortSignal,
): Promise<void> {
  const { values, positionals } = parseMixed(args, ['to', 'output'], []);
  if (positionals.length === 0) throw new UsageError('name a trace: arc-lab export run.arctrace.jsonl --to html');
  const { output } = values;
  const exporter = chosenExporter(values);
  const file = typeof output === 'string' && output !== '-' ? ownOutput('output', output, exporter) : undefined;
  if (file !== undefined && positionals.some((name) => resolve(name) === file)) {
    throw new UsageError('--output is one of the traces that are read; name another file');
  }
  const sections: ExportedSection[] = [];
  for (const name of positionals) sections.push(await unlessAborted(readSection(name), signal));
  const pieces = exporter.write(sections, RELEASES);
  if (file !== undefined) writing(file, () => writeFileOf(file, pieces));
  else for (const piece of longPieces(pieces)) out.write(piece);
}

/**
 * The format that is asked for, or that the output's name says.
 * @throws UsageError
 */
function chosenExporter({ to, output }: Values): Exporter {
  const formats = inWords(EXPORTERS.map(({ id }) => id));
  const exporter =
    typeof to === 'string' ? exporterOf(to) : typeof output === 'string' ? exporterFor(output) : undefined;
  if (exporter !== undefined) return exporter;
  if (typeof to === 'string') throw new UsageError(`unknown format ${JSON.stringify(to)}; formats are ${formats}`);
  throw new UsageError(`name a format with --to: ${formats}`);
}

/** @throws RunError */
async function readSection(name: string): Promise<ExportedSection> {
  const reader = new TraceReader();
  try {
    const stream = name === '-' ? process.stdin.setEncoding('utf8') : createReadStream(name, { encoding: 'utf8' });
    for await (const piece of stream as AsyncIterable<string>) {
      reader.push(piece);
    }
    const runs = reader.end().map((trace) => ({ trace, originUs: trace.originUs }));
    return { title: name === '-' ? 'standard input' : basename(name), runs };
  } catch (error) {
    const why = error instanceof TraceFormatError ? error.message : systemProblem(error);
    throw new RunError(`${name} cannot be read as a trace: ${why}`);
  }
}

import { t } from '@vscode/l10n';
import { basename, resolve } from 'node:path';
import { PlainError } from '../base/plain-error.ts';
import { systemProblem } from '../base/system-problem.ts';
import { replayOf, type SeenLine } from '../debug/replay.ts';
import type { Recording } from '../debug/recording.ts';
import { clean } from '../evidence/clean.ts';
import { explain } from '../evidence/explain.ts';
import { readStamp } from '../evidence/moment.ts';
import { openInput } from '../evidence/open-input.ts';
import { SecondSpread } from '../evidence/passes/second-spread.ts';
import { TraceMaker } from '../evidence/passes/trace-maker.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { TraceFormatError } from '../trace/jsonl.ts';
import { isTraceFile, readTraceFile } from '../trace/read-trace-file.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { usualStacks } from './usual-stacks.ts';

/** A file that cannot be replayed; the message is one sentence for people. */
export class ReplayError extends PlainError {
  override readonly name = 'ReplayError';
}

/** What is to be replayed. */
export interface ReplayedFiles {
  /** A trace, or the parts of a log. */
  readonly files: readonly string[];
  /** Which of the traces in the file, from 1. */
  readonly section: number;
}

/**
 * Reads a trace, or a controller's log, for stepping through it.
 * @throws ReplayError
 */
export async function readReplay({ files, section }: ReplayedFiles): Promise<Recording> {
  const [file = ''] = files;
  try {
    const isTrace = await Promise.all(files.map((each) => isTraceFile(each)));
    if (files.length > 1 && isTrace.includes(true)) {
      const trace = basename(files[isTrace.indexOf(true)] ?? '');
      throw new ReplayError(t('{0} is a trace, which is replayed alone: leave it or the other files out.', trace));
    }
    if (isTrace[0] !== true) {
      if (section !== 1) {
        throw new ReplayError(
          t('"section" is of a file with several traces, and {0} is a log: leave it out.', basename(file)),
        );
      }
      return await replayOfLog(files);
    }
    const traces = await readTraceFile(file);
    const trace = traces[section - 1];
    if (trace !== undefined) return replayOfTrace(trace);
    throw new ReplayError(
      traces.length === 1
        ? t('{0} has one trace: leave "section" out.', basename(file))
        : t('{0} has {1} traces: "section" must be from 1 to {1}.', basename(file), traces.length),
    );
  } catch (error) {
    if (error instanceof ReplayError) throw error;
    const why = error instanceof TraceFormatError ? error.message : systemProblem(error);
    throw new ReplayError(t('{0} cannot be replayed: {1}.', basename(file), why.replace(/\.$/, '')));
  }
}

/** A trace for stepping through it, with the lines of the source that it identifies. */
export function replayOfTrace(trace: TraceLog): Recording {
  const { release } = trace.header;
  return replayOf(trace, [], usualStacks(release === undefined ? [] : [release]));
}

/** A line with the time that it has within its second. */
interface TimedLine {
  readonly source: number;
  readonly line: number;
  readonly text: string;
  readonly us: number;
}

async function replayOfLog(files: readonly string[]): Promise<Recording> {
  const maker = new TraceMaker();
  const lines: TimedLine[] = [];
  // As the passes' own times are spread.
  const spread = new SecondSpread<TimedLine & { readonly withinUs: number }>((line, us) => lines.push({ ...line, us }));
  const inputs = files.map((name) => ({ name, bytes: openInput(name) }));
  const evidence = await readEvidence(inputs, (record, seen, file) => {
    maker.take(record, seen, file);
    if (record.logger === 'audit') return;
    const text = clean(record.message);
    spread.take({ source: seen.source, line: seen.line, text, us: seen.at.us, withinUs: seen.at.withinUs });
  });
  spread.end();
  const { release, files: read } = explain(evidence);
  const sampledAway = read.reduce((sum, file) => sum + file.sampledAway, 0);
  const trace = maker.end(release?.text, sampledAway);
  if (trace === undefined || trace.passCount === 0) {
    throw new ReplayError(t('{0} has no line of a pass: replay the log of the controller.', basename(files[0] ?? '')));
  }
  const names = read.map(({ file }) => file);
  return replayOf(trace, linesOfPasses(trace, lines, names), usualStacks(release?.versions ?? []));
}

/** The lines that passes wrote, in their order. */
function linesOfPasses(trace: TraceLog, all: readonly TimedLine[], files: readonly string[]): readonly SeenLine[] {
  const { lines, passes } = trace.rows;
  const passOf = new Map<number, number>();
  for (let pass = 0; pass < trace.passCount; pass++) passOf.set(passes.id.get(pass), pass);
  const byLine = new Map<string, number>();
  for (let row = 0; row < lines.line.length; row++) {
    const pass = passOf.get(lines.pass.get(row));
    if (pass !== undefined) byLine.set(`${lines.source.get(row)}:${lines.line.get(row)}`, pass);
  }
  const startUs = readStamp(trace.header.start)?.moment.us ?? 0;
  return all.flatMap(({ source, line, text, us }) => {
    const pass = byLine.get(`${source}:${line}`);
    if (pass === undefined) return [];
    const { started, ended } = trace.pass(pass);
    const atUs = Math.min(Math.max(us - startUs, started ?? 0), ended ?? Infinity);
    const file = files[source] ?? '';
    const place = file.endsWith('.gz') ? undefined : { file: resolve(file), line, column: 1, function: '' };
    return [{ pass, atUs, text, place }];
  });
}

import { EvidenceError } from './evidence-error.ts';
import { fold } from './fold.ts';
import { LineReader, type LineFormat, type UnknownLine } from './line-reader.ts';
import { linesOf } from './lines.ts';
import type { LogRecord } from './log-record.ts';
import { emptyReading, type Reading } from './reading.ts';
import type { Sampled } from './sampling.ts';

export interface Input {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface ReadFile {
  readonly file: string;
  /** The one that most of its lines have. */
  readonly format: LineFormat | undefined;
  readonly formats: ReadonlyMap<LineFormat, number>;
  readonly lines: number;
  readonly unknown: number;
  readonly unknownLines: readonly UnknownLine[];
  /** Lines that a sampling logger left out, as far as the rest tells. */
  readonly sampledAway: number;
  readonly sampled: readonly Sampled[];
  readonly isNewestFirst: boolean;
  /** Of a log store's own stamps: how far they are before UTC, in microseconds. */
  readonly zoneUs: number | undefined;
}

export interface Evidence {
  readonly reading: Reading;
  readonly files: readonly ReadFile[];
}

/** Records that tell in which direction a file runs. */
const DIRECTION_FROM = 400;

interface Line {
  readonly record: LogRecord;
  readonly line: number;
}

/**
 * Reads logs, one after the other, into what their lines say.
 * @throws EvidenceError where one cannot be read, or none has a line that is understood
 */
export async function readEvidence(inputs: readonly Input[]): Promise<Evidence> {
  const reading = emptyReading();
  const files: ReadFile[] = [];
  for (const [source, input] of inputs.entries()) files.push(await readFile(reading, source, input));
  if (reading.first === undefined) throw new EvidenceError(nothingUnderstood(files));
  return { reading, files };
}

async function readFile(reading: Reading, source: number, { name, bytes }: Input): Promise<ReadFile> {
  const reader = new LineReader();
  const take = ({ record, line }: Line): void => fold(reading, record, { source, line, at: record.at });
  // Held back until it is known whether the newest line comes first; then all of them are.
  let held: Line[] | undefined = [];
  let isNewestFirst = false;
  for await (const lines of linesOf(bytes)) {
    for (const text of lines) {
      const record = reader.read(text);
      if (record === undefined) continue;
      const line = { record, line: reader.lines };
      if (held === undefined) take(line);
      else held.push(line);
      if (held?.length === DIRECTION_FROM) {
        isNewestFirst = runsBackwards(held);
        if (!isNewestFirst) {
          held.forEach(take);
          held = undefined;
        }
      }
    }
  }
  if (held !== undefined) {
    isNewestFirst = runsBackwards(held);
    (isNewestFirst ? held.reverse() : held).forEach(take);
  }
  const format = [...reader.formats].sort((a, b) => b[1] - a[1])[0]?.[0];
  const { lines, unknown, unknownLines, formats, sampling, zoneUs } = reader;
  return {
    file: name,
    format,
    formats,
    lines,
    unknown,
    unknownLines,
    sampledAway: sampling.missing,
    sampled: sampling.places,
    isNewestFirst,
    zoneUs,
  };
}

function runsBackwards(lines: readonly Line[]): boolean {
  let steps = 0;
  for (let index = 1; index < lines.length; index++) {
    const us = (lines[index] as Line).record.at.us - (lines[index - 1] as Line).record.at.us;
    steps += Math.sign(us);
  }
  return steps < 0;
}

function nothingUnderstood(files: readonly ReadFile[]): string {
  const names = files.map(({ file }) => (file === '-' ? 'standard input' : file)).join(', ');
  const isEmpty = files.every(({ lines }) => lines === 0);
  return isEmpty
    ? `${names} is empty`
    : `no line of ${names} is one of a controller's or listener's log; give the log as kubectl logs prints it`;
}

import { formatAge } from '../base/duration.ts';
import { Copies } from './copies.ts';
import { cutWidthOf } from './cut-width.ts';
import { DamagedStamps } from './damaged-stamps.ts';
import { EvidenceError, inputName, UnreadableError } from './evidence-error.ts';
import { FileOrder } from './file-order.ts';
import { fold } from './fold.ts';
import { findHoles } from './holes.ts';
import { LineReader, type UnknownLine } from './line-reader.ts';
import { CutShortError } from './gunzip.ts';
import { Lines } from './lines.ts';
import { olderFirst, type FilePart } from './older-first.ts';
import { peek } from './peek.ts';
import { Restored } from './pasted/restored.ts';
import { Pieces } from './pieces.ts';
import { readDocument } from './read-document.ts';
import type { LogRecord } from './log-record.ts';
import { emptyReading, type Reading } from './reading.ts';
import { Seconds } from './seconds.ts';
import type { Seen } from './seen.ts';
import type { Sampled } from './sampling.ts';
import { count } from './words.ts';

/** Bytes in which a log's first time is looked for. */
const BEGINNING = 65_536;

export interface Input {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface ReadFile {
  readonly file: string;
  /** The one that most of its lines have. */
  readonly format: string | undefined;
  readonly formats: ReadonlyMap<string, number>;
  readonly lines: number;
  readonly unknown: number;
  /** Lines whose message no known release of ARC writes. */
  readonly newMessages: number;
  /** Those that are not understood, and those with such a message. */
  readonly unknownLines: readonly UnknownLine[];
  /** Lines that a sampling logger left out, estimated from the rest. */
  readonly sampledAway: number;
  readonly sampled: readonly Sampled[];
  readonly isNewestFirst: boolean;
  /** What of it could not be read, or was not, and why: each the end of a sentence. */
  readonly problems: readonly string[];
  /** What it is in place of evidence, where that is known: the end of a sentence. */
  readonly isRather: string | undefined;
  /** Of a log store's own stamps: how far they are before UTC, in microseconds. */
  readonly zoneUs: number | undefined;
}

/** Is given each line as well, in the order in which they were written. */
type Watch = (record: LogRecord, seen: Seen, file: string) => void;

export interface Evidence {
  readonly reading: Reading;
  readonly files: readonly ReadFile[];
}

/**
 * Reads logs, one after the other, into what their lines say; of a log in several files the oldest comes first. One that cannot
 * be read, or has nothing of use, says so among its problems.
 * @throws EvidenceError where none has a line that is understood
 */
export async function readEvidence(inputs: readonly Input[], watch?: Watch): Promise<Evidence> {
  const reading = emptyReading();
  const files: ReadFile[] = [];
  const copies = new Copies(inputs.length > 1);
  for (const [source, input] of (await oldestFirst(inputs)).entries())
    files.push(await readFile(reading, source, input, copies, watch));
  findHoles(reading);
  if (!isAnythingKnown(reading)) throw new EvidenceError(nothingUnderstood(files));
  return { reading, files };
}

function isAnythingKnown({ first, objects, metrics, podEvents, nodeEvents, arcEvents, others }: Reading): boolean {
  return (
    first !== undefined || objects.count + metrics.size + podEvents.size + nodeEvents.size + arcEvents.size + others > 0
  );
}

async function readFile(
  reading: Reading,
  source: number,
  { name, bytes }: Input,
  copies: Copies,
  watch: Watch | undefined,
): Promise<ReadFile> {
  const reader = new LineReader();
  const problems: string[] = [];
  const seconds = new Seconds(({ record, line }) => {
    const seen = { source, line, at: record.at };
    fold(reading, record, seen);
    watch?.(record, seen, name);
  });
  const stamps = new DamagedStamps((line) => seconds.take(line));
  const order = new FileOrder((line) => {
    if (!copies.isCopy(line.record)) stamps.take(line);
  });
  const takeLines = (lines: readonly string[]): void => {
    for (const text of lines) {
      order.take(reader.read(text), reader.lines);
      while (reader.hasMore) order.take(reader.readMore(), reader.lines);
    }
  };
  const takeDocument = (document: string, before: number): void => {
    const text = `${'\n'.repeat(before)}${document}`;
    try {
      if (readDocument(reading, source, { name, text }, reader, order)) return;
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      problems.push(`it cannot be read: ${error.reason}`);
      return;
    }
    reader.lines = before;
    takeLines(document.split('\n'));
  };
  let [cutAway, zeros] = [0, 0];
  const takePart = async (part: FilePart): Promise<void> => {
    const split = new Lines();
    const restored = new Restored();
    const pieces = new Pieces({ lines: takeLines, document: takeDocument }, part.line - 1);
    try {
      for await (const lines of split.of(part.bytes)) {
        const asWritten = restored.take(lines);
        if (reader.lines === 0) reader.cutWidth = cutWidthOf(asWritten);
        pieces.take(asWritten);
      }
    } finally {
      pieces.take(restored.end());
      pieces.end();
      cutAway += split.cutAway;
      zeros += split.zeros;
    }
  };
  try {
    const parts = await olderFirst(bytes);
    let lines = 0;
    for (const part of parts) {
      reader.lines = part.line - 1;
      await takePart(part);
      lines = Math.max(lines, reader.lines);
    }
    reader.lines = lines;
    const older = parts.find((part, index) => parts.slice(index + 1).some(({ line }) => line < part.line));
    if (older !== undefined) {
      problems.push(`what stands in it from line ${older.line} on is older than what comes before, and was read first`);
    }
  } catch (error) {
    if (error instanceof CutShortError) problems.push(`it ${error.message}: what comes after is not known`);
    else if (error instanceof UnreadableError) problems.push(`it cannot be read: ${error.reason}`);
    else throw error;
  }
  if (cutAway > 0) {
    const left = `the last ${Math.max(1, Math.round(cutAway / 1e6))} MB of it are not read`;
    problems.push(`it has a line of more than 64 MiB, and ${left}; give the log with its line ends`);
  }
  // A file that is no text has them by nature.
  if (zeros > 0 && reader.formats.size > 0)
    problems.push(`${count(zeros, 'zero byte is', 'zero bytes are')} left out of it`);
  order.end();
  if (order.isNewestFirst) reading.newestFirst.add(source);
  if (order.fraction !== undefined) problems.push('its times are those of a clock of whole seconds: all end alike');
  stamps.end();
  seconds.end();
  if (stamps.found > 0) {
    const stamp = count(stamps.found, 'time stamp does not fit', 'time stamps do not fit');
    problems.push(`${stamp} the lines around; their time is used`);
  }
  if (stamps.wentBack !== undefined) {
    const { line, us } = stamps.wentBack;
    problems.push(
      `from line ${line} on its times are ${formatAge(us)} earlier than before: an older log follows, or the clock was set back`,
    );
  }
  const { count: impossible, first } = reader.impossible;
  if (impossible > 0) {
    const lines = count(impossible, 'line is', 'lines are');
    problems.push(`${lines} left out for a time that does not exist, first line ${first.line}: ${first.stamp}`);
  }
  if (reader.cutShort > 0) {
    const lines = count(reader.cutShort, 'line is', 'lines are');
    problems.push(`${lines} cut at the end: what stood there is not known; give the log with whole lines`);
  }
  for (const [pod, { firstLine: line, firstAt, lastAt }] of reader.writers) {
    reading.writers.push({ pod, first: { source, line, at: firstAt }, lastUs: lastAt.us });
  }
  const { inFile, inOthers } = copies.endFile();
  if (inOthers > 0) problems.push(`${count(inOthers, 'line')} counted once, as another file has them too`);
  const again = inFile + seconds.copies;
  if (again > 0) {
    const stand = count(again, 'line stands in it again and counts', 'lines stand in it again and count');
    problems.push(`${stand} once`);
  }
  if (seconds.isShuffled) {
    reading.isShuffled = true;
    problems.push('its lines are not in order within a second, so what was first in one is not known');
  }
  return fileOf(name, reader, order.isNewestFirst, problems);
}

/** What a reader has seen of a file. */
export function fileOf(name: string, reader: LineReader, isNewestFirst = false, problems: string[] = []): ReadFile {
  const format = [...reader.formats].sort((a, b) => b[1] - a[1])[0]?.[0];
  const { lines, unknown, newMessages, unknownLines, formats, sampling, zoneUs, isRather } = reader;
  if (format === undefined && isRather !== undefined) problems.push(`it ${isRather}`);
  return {
    file: name,
    format,
    formats,
    lines,
    unknown,
    newMessages,
    unknownLines,
    sampledAway: sampling.missing,
    sampled: sampling.places,
    isNewestFirst,
    problems,
    isRather: format === undefined ? isRather : undefined,
    zoneUs,
  };
}

/** Sorts by the first time stamp that is found in the beginning of each input. */
async function oldestFirst(inputs: readonly Input[]): Promise<Input[]> {
  if (inputs.length < 2) return [...inputs];
  const begun = await Promise.all(
    inputs.map(async ({ name, bytes }) => {
      const peeked = await peek(bytes);
      const beginning = Buffer.from(peeked.beginning).toString('utf8', 0, BEGINNING);
      return { name, bytes: peeked.bytes, since: /\d{4}-\d\d-\d\dT[\d:.]+/.exec(beginning)?.[0] ?? '' };
    }),
  );
  return begun.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
}

function nothingUnderstood(files: readonly ReadFile[]): string {
  const names = files.map(({ file }) => inputName(file)).join(', ');
  const known = files.find(({ problems }) => problems.length > 0);
  if (known !== undefined) return `${inputName(known.file)} ${(known.problems[0] as string).replace(/^it /, '')}`;
  const isEmpty = files.every(({ lines }) => lines === 0);
  return isEmpty
    ? `${names} is empty`
    : `no line of ${names} is one of a controller's or listener's log; give what kubectl logs printed`;
}

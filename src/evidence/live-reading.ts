import type { ApiObject } from '../kubernetes/types.ts';
import { explain, type Explanation } from './explain.ts';
import { fold } from './fold.ts';
import { replaceObjects } from './fold-objects.ts';
import { forget } from './forget.ts';
import { LineReader } from './line-reader.ts';
import type { LogRecord } from './log-record.ts';
import { fileOf } from './read-evidence.ts';
import { emptyReading, keyOf, type Reading } from './reading.ts';
import type { Seen } from './seen.ts';

/** This often it is looked for what is old. */
const PERIOD_US = 60e6;
/** What is older than this is forgotten. */
const REMEMBERED_US = 2 * 3600e6;
/** With more runners than this sooner. */
const MOST_RUNNERS = 20_000;
/** Numbers of what is no log: objects, then pages of metrics. */
const OTHERS = 16_000;
const SHORTEST_US = 300e6;

/** Is given each line that is understood. */
export type LineWatch = (record: LogRecord, seen: Seen, file: string) => void;

interface Source {
  readonly name: string;
  readonly reader: LineReader;
}

/**
 * Reads logs while they are written, and looks at the objects of their cluster, into what `why` reads from files. What is
 * concluded is asked for again and again; the memory it needs does not grow.
 */
export class LiveReading {
  readonly reading: Reading = emptyReading();
  readonly #logs: Source[] = [];
  /** By their numbers without OTHERS; the objects are the first. */
  readonly #others: string[] = ['objects'];
  readonly #watch: LineWatch;
  /** By the line that stands for each. */
  #objects: readonly string[] = [];
  #forgotUs = 0;

  constructor(watch: LineWatch) {
    this.reading.isLive = true;
    this.#watch = watch;
  }

  /**
   * @returns takes the lines of a log, each with the runtime's stamp, in the order in which they were written, and gives the
   *   time of each that is understood, in microseconds since 1970
   */
  log(name: string): (line: string) => number | undefined {
    const reader = new LineReader(true);
    const source = this.#logs.push({ name, reader }) - 1;
    return (line) => {
      const record = reader.read(line);
      if (record === undefined) return undefined;
      const seen = { source, line: reader.lines, at: record.at };
      fold(this.reading, record, seen);
      this.#watch(record, seen, name);
      return record.at.us;
    };
  }

  /** @returns takes what a page of metrics has now, and when: microseconds since 1970 */
  metrics(name: string): (text: string, nowUs: number) => void {
    const source = OTHERS + this.#others.push(name) - 1;
    return (text, nowUs) => {
      const reader = new LineReader();
      const at = { us: nowUs, withinUs: 0 };
      for (const line of text.split('\n')) {
        const record = reader.read(line);
        if (record?.logger === 'metrics') fold(this.reading, record, { source, line: reader.lines, at });
      }
    };
  }

  /** Lines of a log are missing between its last one and now. */
  hole(untilUs: number): void {
    const { lastRunnerLine, holes, last } = this.reading;
    const from = lastRunnerLine ?? last;
    if (from !== undefined) holes.push({ from, until: { ...from, at: { us: untilUs, withinUs: 0 } } });
  }

  /**
   * What is known now.
   * @param objects those of the cluster as they are now, each once
   * @param nowUs until when the logs have been read: microseconds since 1970
   */
  explain(objects: Iterable<ApiObject>, nowUs: number): Explanation {
    const { reading } = this;
    this.#forget(nowUs);
    const listed = [...objects];
    this.#objects = listed.map((object) => `${object.kind} ${keyOf(object)}`);
    replaceObjects(reading, OTHERS, listed, nowUs);
    // Nothing has been written since the last line: what goes on has lasted until now.
    if (reading.last !== undefined && reading.last.at.us < nowUs)
      reading.last = { ...reading.last, at: { us: nowUs, withinUs: 0 } };
    const files = this.#logs.map(({ name, reader }) => fileOf(name, reader));
    const explanation = explain({ reading, files });
    const lineName = (seen: Seen): string => {
      const { source, line } = seen;
      if (source < OTHERS) return explanation.lineName(seen);
      const object = source === OTHERS ? this.#objects[line - 1] : undefined;
      return object ?? `${this.#others[source - OTHERS]}:${line}`;
    };
    return { ...explanation, lineName };
  }

  #forget(nowUs: number): void {
    if (nowUs - this.#forgotUs < PERIOD_US) return;
    this.#forgotUs = nowUs;
    const { runners } = this.reading;
    for (let us = REMEMBERED_US; ; us /= 2) {
      forget(this.reading, nowUs - us);
      if (runners.size <= MOST_RUNNERS || us <= SHORTEST_US) return;
    }
  }
}

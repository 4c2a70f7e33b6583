import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionInfo } from '../protocol.ts';
import type { RepeatablePlan } from './start-session.ts';
import { sourceOf, timeOf, type ShownSession } from './run.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A run whose traces are kept. */
export interface KeptRun {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly sessions: readonly SessionInfo[];
  /** What it was started with; runs of earlier versions have none. */
  readonly plan?: RepeatablePlan | undefined;
}

/** A session whose trace is being written. */
export interface GrowingTrace {
  readonly info: SessionInfo;
  readonly trace: TraceLog;
  /** Until when what is open in the trace is known: now, or when the session came to its end. */
  untilUs(): number;
}

export function growingTrace(session: ShownSession): GrowingTrace {
  const source = sourceOf(session);
  return { info: source.info, trace: source.trace, untilUs: () => timeOf(source) };
}

interface KeepLimits {
  readonly runs: number;
  readonly bytes: number;
}

const LIMITS: KeepLimits = { runs: 20, bytes: 1 << 29 };
/** Events that are made into text in one go; others have their turn in between. */
const EVENTS_A_PIECE = 5_000;

/**
 * A folder with the traces of runs: for each run a file that describes it, for each session its trace. Traces are
 * written while they grow, so that little is left to do when the window closes, and a trace whose end could not be
 * written can be read up to there. The newest runs are kept, as many as the limits allow.
 */
export class KeptRuns {
  readonly #folder: string;
  readonly #limits: KeepLimits;
  readonly #writers = new Map<string, RunWriter>();
  /** One thing after the other: files are not written and removed at the same time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string, limits: KeepLimits = LIMITS) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** The runs of earlier windows, the newest first. A description that cannot be read is as good as none. */
  async list(): Promise<readonly KeptRun[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const runs: KeptRun[] = [];
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const run = await readFile(join(this.#folder, name), 'utf8').then(parseRun, () => undefined);
      if (run !== undefined && !this.#writers.has(run.id)) runs.push(run);
    }
    return runs.sort((a, b) => b.startedMs - a.startedMs);
  }

  /** Starts to write a run's traces, and drops what is too old for the limits. */
  begin(run: Omit<KeptRun, 'sessions'>, traces: readonly GrowingTrace[]): Promise<void> {
    return this.#then(async () => {
      await mkdir(this.#folder, { recursive: true });
      this.#writers.set(run.id, await RunWriter.open(this.#folder, run, traces));
      await this.#prune();
    });
  }

  /** Writes what the traces have got since. */
  grow(): Promise<void> {
    return this.#then(async () => {
      for (const [id, writer] of this.#writers) {
        if ((await writer.grow()) <= this.#limits.bytes / 2) {
          if (writer.isOver) await writer.end();
          continue;
        }
        // So large a run would leave no room for others.
        await writer.close();
        this.#writers.delete(id);
        await this.#remove(id);
      }
    });
  }

  /** Writes the rest of all traces, with what is open in them. */
  end(): Promise<void> {
    return this.#then(async () => {
      for (const writer of this.#writers.values()) await writer.end();
      await this.#prune();
    });
  }

  remove(id: string): Promise<void> {
    return this.#then(async () => {
      await this.#writers.get(id)?.close();
      this.#writers.delete(id);
      await this.#remove(id);
    });
  }

  /**
   * The traces of a run's sessions, in their order.
   * @throws Error, TraceFormatError when a file is not there or is none
   */
  async read({ sessions }: KeptRun): Promise<readonly TraceLog[]> {
    const { TraceReader } = await import('../trace/jsonl.ts');
    const logs: TraceLog[] = [];
    for (const { id } of sessions) {
      const reader = new TraceReader();
      const stream = createReadStream(traceFile(this.#folder, id), { encoding: 'utf8', highWaterMark: 1 << 20 });
      for await (const piece of stream as AsyncIterable<string>) reader.push(piece);
      logs.push(...reader.end());
    }
    return logs;
  }

  async #prune(): Promise<void> {
    let [left, bytes] = [this.#limits.runs - this.#writers.size, this.#limits.bytes];
    for (const run of await this.list()) {
      for (const { id } of run.sessions) bytes -= await sizeOf(traceFile(this.#folder, id));
      if (--left < 0 || bytes < 0) await this.#remove(run.id);
    }
  }

  /** The files of a run and its sessions, whose ids begin with the run's. */
  async #remove(id: string): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      if (name === `${id}.json` || (name.startsWith(`${id}-`) && name.endsWith('.arctrace.jsonl'))) {
        await rm(join(this.#folder, name), { force: true });
      }
    }
  }

  #then(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

interface WrittenTrace {
  readonly growing: GrowingTrace;
  readonly file: FileHandle;
}

/** Writes one run. */
class RunWriter {
  readonly #traces: readonly WrittenTrace[];
  readonly #written: number[];
  #bytes = 0;
  #isOpen = true;

  private constructor(traces: readonly WrittenTrace[]) {
    this.#traces = traces;
    this.#written = traces.map(() => 0);
  }

  static async open(
    folder: string,
    run: Omit<KeptRun, 'sessions'>,
    growing: readonly GrowingTrace[],
  ): Promise<RunWriter> {
    const sessions = growing.map(({ info }) => ({ ...info, live: false }));
    const file = join(folder, `${run.id}.json`);
    await writeFile(`${file}.part`, JSON.stringify({ ...run, sessions }));
    await rename(`${file}.part`, file);
    const { traceLine } = await import('../trace/jsonl.ts');
    const traces: WrittenTrace[] = [];
    for (const one of growing) {
      const handle = await open(traceFile(folder, one.info.id), 'w');
      traces.push({ growing: one, file: handle });
      // Of an attached cluster it is not known before the first runner is seen, which the trace tells.
      const origin = one.info.originUs > 0 ? { origin: one.info.originUs } : {};
      await handle.write(traceLine({ ...one.trace.header, ...origin }));
    }
    return new RunWriter(traces);
  }

  /** Whether nothing comes any more. */
  get isOver(): boolean {
    return this.#traces.every(({ growing }) => growing.trace.endedUs !== undefined);
  }

  /** @returns how many bytes the run takes */
  async grow(): Promise<number> {
    if (!this.#isOpen) return this.#bytes;
    const { traceLine } = await import('../trace/jsonl.ts');
    for (const [index, { growing, file }] of this.#traces.entries()) {
      const { trace } = growing;
      while ((this.#written[index] as number) < trace.length) {
        const from = this.#written[index] as number;
        const to = Math.min(trace.length, from + EVENTS_A_PIECE);
        let text = '';
        for (let event = from; event < to; event++) text += traceLine(trace.event(event));
        this.#written[index] = to;
        await this.#write(file, text);
      }
    }
    return this.#bytes;
  }

  async end(): Promise<void> {
    if (!this.#isOpen) return;
    await this.grow();
    const { lastLines } = await import('../trace/jsonl.ts');
    for (const { growing, file } of this.#traces) {
      let text = '';
      for (const line of lastLines(growing.trace, growing.untilUs())) text += line;
      await this.#write(file, text);
    }
    await this.close();
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const { file } of this.#traces) await file.close();
  }

  async #write(file: FileHandle, text: string): Promise<void> {
    this.#bytes += (await file.write(text)).bytesWritten;
  }
}

function traceFile(folder: string, session: string): string {
  return join(folder, `${session}.arctrace.jsonl`);
}

function parseRun(text: string): KeptRun | undefined {
  try {
    const run = JSON.parse(text) as KeptRun;
    return typeof run.id === 'string' && Array.isArray(run.sessions) ? run : undefined;
  } catch {
    return undefined;
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

import { NONE, type ChunkTable } from './chunk-table.ts';

/** Chunks of a run: eight that follow on one another, the first with a number that eight divides. */
export const RUN = 8;
const RUN_BITS = 3;
const RUN_MASK = RUN - 1;

/**
 * The spans of runs of a lane's chunks: a drawing of a short time skips eight chunks at once. Only full chunks are in
 * runs, so that bars that come later change none.
 */
export class ChunkRuns {
  /** By run; an unused run spans all time and so is never skipped. */
  readonly #minUs: Float64Array;
  readonly #maxUs: Float64Array;

  constructor(runs = 0) {
    this.#minUs = new Float64Array(runs).fill(-Infinity);
    this.#maxUs = new Float64Array(runs).fill(Infinity);
  }

  /** @param firsts by lane the number of its first chunk */
  static of(chunks: ChunkTable, firsts: Int32Array): ChunkRuns {
    const runs = new ChunkRuns(chunks.length >> RUN_BITS);
    for (const first of firsts) runs.#addLane(chunks, first);
    return runs;
  }

  /** Whether a run begins with the chunk and none of it touches the span. */
  misses(chunk: number, fromUs: number, toUs: number): boolean {
    if ((chunk & RUN_MASK) !== 0) return false;
    const run = chunk >> RUN_BITS;
    return (this.#minUs[run] as number) > toUs || (this.#maxUs[run] as number) < fromUs;
  }

  #addLane(chunks: ChunkTable, first: number): void {
    let [start, minUs, maxUs] = [NONE, Infinity, -Infinity];
    for (let chunk = first; chunk !== NONE;) {
      const next = chunks.next[chunk] as number;
      if ((chunk & RUN_MASK) === 0) [start, minUs, maxUs] = [chunk, Infinity, -Infinity];
      minUs = Math.min(minUs, chunks.minUs[chunk] as number);
      maxUs = Math.max(maxUs, chunks.maxUs[chunk] as number);
      const isLastOfRun = start !== NONE && chunk === start + RUN - 1;
      // The lane's last chunk may take more bars.
      if (isLastOfRun && next !== NONE) {
        this.#minUs[start >> RUN_BITS] = minUs;
        this.#maxUs[start >> RUN_BITS] = maxUs;
      }
      // Chunks that do not follow on one another make no run.
      if (next !== chunk + 1) start = NONE;
      chunk = next;
    }
  }
}

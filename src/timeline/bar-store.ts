import { type BarKind, DETAIL_SHIFT, KIND_MASK, NO_WORKER, Track, TRACK_OF_KIND, TRACKS, isPassKind } from './bars.ts';
import { BarReader } from './bar-reader.ts';
import { grown, withRoom } from './grow-array.ts';
import { ChunkRuns, RUN } from './chunk-runs.ts';
import { ChunkTable, NONE } from './chunk-table.ts';
import type { PixelColumns } from './pixel-columns.ts';
import type { PackedBars } from './packed-bars.ts';
import { binChunk, CHUNK_BITS, CHUNK_MASK, Slab } from './slab.ts';

/** One bar, as pointing at it or listing it gives it. */
export interface Bar {
  readonly lane: number;
  readonly kind: BarKind;
  readonly startUs: number;
  /** Infinity while it has no end. */
  readonly endUs: number;
  /** Number of the pass in its session; of a wait, the pass that it came before; NO_PASS where there is none. */
  readonly pass: number;
  readonly detail: number;
}

/** The bars themselves, for those who want few of them. */
export function* barsOf(bars: PackedBars): IterableIterator<Bar> {
  const reader = new BarReader(bars);
  while (reader.next()) {
    const { lane, kind, startUs, durationUs, pass, detail } = reader;
    yield { lane, kind: kind as BarKind, startUs, endUs: startUs + durationUs, pass, detail };
  }
}

/**
 * The bars of one session by lane, in order of arrival: 16 bytes a bar. Within a lane bars may overlap and may come in any
 * order of time.
 */
export class BarStore {
  readonly #slabs: Slab[] = [];
  #chunks = new ChunkTable();
  #bars = 0;
  /** How many bars there were when they were compacted. */
  #compacted = 0;
  #endUs = 0;
  /** By lane; longer than there are lanes. */
  #runs = new ChunkRuns();
  #laneFirst = new Int32Array(64);
  #laneLast = new Int32Array(64);
  /** By lane: how many tracks have a bar without an end. */
  #openCount = new Uint8Array(64);
  /** By lane and track: start of the bar that has no end yet, NaN where there is none. */
  #openUs = new Float64Array(64 * TRACKS);
  #openKind = new Uint8Array(64 * TRACKS);
  #openPass = new Int32Array(64 * TRACKS);
  #openDetail = new Uint32Array(64 * TRACKS);
  /** By track: how many lanes have a bar without an end. */
  readonly #openLanes = new Uint32Array(TRACKS);
  /** By pass: one more than its lane, 0 where it has no bar of its own; and its worker. */
  #passLane = new Uint32Array(64);
  #passWorker = new Uint16Array(64);
  #lanes = 0;

  get lanes(): number {
    return this.#lanes;
  }

  get length(): number {
    return this.#bars;
  }

  /** In how many lanes the track has a bar without an end. */
  openLanes(track: Track): number {
    return this.#openLanes[track] as number;
  }

  /** The latest end of any bar. */
  get endUs(): number {
    return this.#endUs;
  }

  /** Undefined while no bar of the pass itself has come. */
  laneOfPass(pass: number): number | undefined {
    const after = this.#passLane[pass] ?? 0;
    return after === 0 ? undefined : after - 1;
  }

  /** NO_WORKER where it is not known. */
  workerOfPass(pass: number): number {
    return this.laneOfPass(pass) === undefined ? NO_WORKER : (this.#passWorker[pass] as number);
  }

  append(bars: PackedBars): void {
    const reader = new BarReader(bars);
    while (reader.next()) {
      const { lane, kind, startUs, durationUs, pass, detail } = reader;
      if (lane >= this.#lanes) this.growTo(lane + 1);
      if (isPassKind(kind)) this.#notePass(pass, lane, detail);
      if (durationUs === Infinity) this.open(lane, kind as BarKind, startUs, pass, detail);
      else {
        this.end(lane, kind);
        this.add(lane, startUs, durationUs, pass, (detail << DETAIL_SHIFT) | kind);
      }
    }
  }

  #notePass(pass: number, lane: number, worker: number): void {
    this.#passLane = withRoom(this.#passLane, pass);
    this.#passWorker = withRoom(this.#passWorker, pass);
    this.#passLane[pass] = lane + 1;
    this.#passWorker[pass] = worker;
  }

  /** Makes lanes 0 to `lanes - 1` exist. */
  growTo(lanes: number): void {
    if (lanes <= this.#lanes) return;
    if (lanes > this.#laneFirst.length) {
      const length = Math.max(lanes, this.#laneFirst.length * 2);
      this.#laneFirst = grown(this.#laneFirst, length);
      this.#laneLast = grown(this.#laneLast, length);
      this.#openCount = grown(this.#openCount, length);
      this.#openUs = grown(this.#openUs, length * TRACKS);
      this.#openKind = grown(this.#openKind, length * TRACKS);
      this.#openPass = grown(this.#openPass, length * TRACKS);
      this.#openDetail = grown(this.#openDetail, length * TRACKS);
    }
    this.#laneFirst.fill(NONE, this.#lanes, lanes);
    this.#laneLast.fill(NONE, this.#lanes, lanes);
    this.#openUs.fill(NaN, this.#lanes * TRACKS, lanes * TRACKS);
    this.#lanes = lanes;
  }

  open(lane: number, kind: BarKind, startUs: number, pass: number, detail: number): void {
    this.growTo(lane + 1);
    const track = TRACK_OF_KIND[kind] as number;
    const slot = lane * TRACKS + track;
    if (Number.isNaN(this.#openUs[slot])) {
      this.#openCount[lane] = (this.#openCount[lane] as number) + 1;
      this.#openLanes[track] = (this.#openLanes[track] as number) + 1;
    }
    this.#openUs[slot] = startUs;
    this.#openKind[slot] = kind;
    this.#openPass[slot] = pass;
    this.#openDetail[slot] = detail;
    if (startUs > this.#endUs) this.#endUs = startUs;
  }

  /** A bar of the kind has ended: none of its track is open any more, and with a pass nothing in it. */
  end(lane: number, kind: number): void {
    if (this.#openCount[lane] === 0) return;
    this.#close(lane, TRACK_OF_KIND[kind] as number);
    if (!isPassKind(kind)) return;
    this.#close(lane, Track.requests);
    this.#close(lane, Track.phases);
  }

  #close(lane: number, track: number): void {
    const slot = lane * TRACKS + track;
    if (Number.isNaN(this.#openUs[slot])) return;
    this.#openUs[slot] = NaN;
    this.#openCount[lane] = (this.#openCount[lane] as number) - 1;
    this.#openLanes[track] = (this.#openLanes[track] as number) - 1;
  }

  /** @param tag the kind, and the detail from DETAIL_SHIFT on */
  add(lane: number, startUs: number, durationUs: number, pass: number, tag: number): void {
    let chunk = this.#laneLast[lane] as number;
    if (chunk === NONE || !(this.#slabs[chunk >> CHUNK_BITS] as Slab).hasRoom(chunk & CHUNK_MASK, startUs)) {
      chunk = this.#newChunk(lane);
    }
    (this.#slabs[chunk >> CHUNK_BITS] as Slab).add(chunk & CHUNK_MASK, startUs, durationUs, pass, tag);
    const endUs = startUs + durationUs;
    this.#chunks.extend(chunk, startUs, endUs);
    if (endUs > this.#endUs) this.#endUs = endUs;
    this.#bars++;
  }

  /**
   * Puts each lane's bars side by side in memory. Bars arrive with lanes mixed; read lane by lane, they are then several
   * times slower than they need be, since memory is fetched in order only.
   */
  compact(): void {
    const before = this.#slabs.splice(0);
    const { next } = this.#chunks;
    const first = this.#laneFirst.slice();
    this.#chunks = new ChunkTable();
    this.#bars = 0;
    this.#laneFirst.fill(NONE);
    this.#laneLast.fill(NONE);
    for (let lane = 0; lane < this.#lanes; lane++) {
      for (let chunk = first[lane] as number; chunk !== NONE;) {
        const slab = before[chunk >> CHUNK_BITS] as Slab;
        const within = chunk & CHUNK_MASK;
        const { offsetUs, pass, tag } = slab;
        const baseUs = slab.baseUs[within] as number;
        const end = slab.end(within);
        for (let at = slab.first(within); at < end; at++) {
          const startUs = baseUs + (offsetUs[at] as number);
          this.add(lane, startUs, slab.durationUs(at), pass[at] as number, tag[at] as number);
        }
        chunk = next[chunk] as number;
      }
    }
    this.#ordered();
  }

  /** Each lane's bars lie side by side now. */
  #ordered(): void {
    this.#compacted = this.#bars;
    for (let chunk = 0; chunk < this.#chunks.length; chunk++) {
      this.#chunks.locate(chunk, this.#slabs[chunk >> CHUNK_BITS] as Slab, chunk & CHUNK_MASK);
    }
    this.#runs = ChunkRuns.of(this.#chunks, this.#laneFirst.subarray(0, this.#lanes));
  }

  /** Whether enough bars have come since the last time that compacting pays. */
  get shouldCompact(): boolean {
    return this.#bars > 2 * this.#compacted + 50_000;
  }

  /**
   * Draws the bars of lanes into columns: `values[slot[kind] + x * step]` becomes the highest `value[kind]` of the bars
   * that touch column x. A bar covers the columns from that of its start to that of its end, at least one.
   * @param lanes those from number `first` to before `last` are drawn, one upon the other
   * @returns whether there may be something in the columns
   */
  bin(lanes: ArrayLike<number>, first: number, last: number, columns: PixelColumns): boolean {
    const { fromUs } = columns;
    const toUs = fromUs + columns.width / columns.pixelsPerUs;
    const { minUs, maxUs, next } = this.#chunks;
    let touched = false;
    for (let index = first; index < last; index++) {
      const lane = lanes[index] as number;
      if (lane >= this.#lanes) continue;
      for (let chunk = this.#laneFirst[lane] as number; chunk !== NONE;) {
        if (this.#runs.misses(chunk, fromUs, toUs)) chunk += RUN - 1;
        const chunkMinUs = minUs[chunk] as number;
        const chunkMaxUs = maxUs[chunk] as number;
        if (chunkMinUs < toUs && chunkMaxUs >= fromUs && this.#chunks.isBusy(chunk, fromUs, toUs)) {
          const slab = this.#slabs[chunk >> CHUNK_BITS] as Slab;
          if (binChunk(slab, chunk & CHUNK_MASK, chunkMinUs, chunkMaxUs, columns)) touched = true;
        }
        chunk = next[chunk] as number;
      }
    }
    if (this.binOpen(lanes, first, last, columns)) touched = true;
    return touched;
  }

  /** As bin(), of the bars without an end only. */
  binOpen(lanes: ArrayLike<number>, first: number, last: number, columns: PixelColumns): boolean {
    const { fromUs, pixelsPerUs, width, nowUs, slot, value, step, values } = columns;
    let touched = false;
    for (let index = first; index < last; index++) {
      const lane = lanes[index] as number;
      if (lane >= this.#lanes || (this.#openCount[lane] as number) === 0) continue;
      touched = true;
      for (let track = 0; track < TRACKS; track++) {
        const startUs = this.#openUs[lane * TRACKS + track] as number;
        if (!(startUs <= nowUs)) continue;
        const kind = this.#openKind[lane * TRACKS + track] as number;
        const kindSlot = slot[kind] as number;
        if (kindSlot < 0) continue;
        const from = Math.max(0, Math.floor((startUs - fromUs) * pixelsPerUs));
        const end = Math.min(width, Math.max(from + 1, Math.ceil((nowUs - fromUs) * pixelsPerUs)));
        const rank = value[kind] as number;
        for (let at = kindSlot + from * step; at < kindSlot + end * step; at += step) {
          if ((values[at] as number) < rank) values[at] = rank;
        }
      }
    }
    return touched;
  }

  /** Calls back for each bar of the lane that touches the time span, bars without an end included. */
  forEach(lane: number, fromUs: number, toUs: number, visit: (bar: Bar) => void): void {
    if (lane >= this.#lanes) return;
    this.#scan(lane, fromUs, toUs, (slab, at, startUs, endUs) => {
      const tag = slab.tag[at] as number;
      const kind = (tag & KIND_MASK) as BarKind;
      visit({ lane, kind, startUs, endUs, pass: slab.pass[at] as number, detail: tag >>> DETAIL_SHIFT });
    });
    for (let track = 0; track < TRACKS; track++) {
      const startUs = this.#openUs[lane * TRACKS + track] as number;
      if (!(startUs <= toUs)) continue;
      const kind = this.#openKind[lane * TRACKS + track] as BarKind;
      const pass = this.#openPass[lane * TRACKS + track] as number;
      visit({ lane, kind, startUs, endUs: Infinity, pass, detail: this.#openDetail[lane * TRACKS + track] as number });
    }
  }

  /** As forEach() for bars that end in the span, without making an object of each. */
  forEachEnded(
    lane: number,
    fromUs: number,
    toUs: number,
    visit: (kind: number, lengthUs: number, detail: number) => void,
  ): void {
    if (lane >= this.#lanes) return;
    this.#scan(lane, fromUs, toUs, (slab, at, _startUs, endUs) => {
      if (endUs > toUs) return;
      const tag = slab.tag[at] as number;
      visit(tag & KIND_MASK, slab.durationUs(at), tag >>> DETAIL_SHIFT);
    });
  }

  /** Goes over the bars with an end that touch the span. */
  #scan(
    lane: number,
    fromUs: number,
    toUs: number,
    visit: (slab: Slab, at: number, startUs: number, endUs: number) => void,
  ): void {
    const { minUs, maxUs, next } = this.#chunks;
    for (let chunk = this.#laneFirst[lane] as number; chunk !== NONE; chunk = next[chunk] as number) {
      if (this.#runs.misses(chunk, fromUs, toUs)) chunk += RUN - 1;
      if ((minUs[chunk] as number) > toUs || (maxUs[chunk] as number) < fromUs) continue;
      if (!this.#chunks.isBusy(chunk, fromUs, toUs)) continue;
      const slab = this.#slabs[chunk >> CHUNK_BITS] as Slab;
      const within = chunk & CHUNK_MASK;
      const baseUs = slab.baseUs[within] as number;
      const end = slab.end(within);
      for (let at = slab.first(within); at < end; at++) {
        const startUs = baseUs + (slab.offsetUs[at] as number);
        const endUs = startUs + slab.durationUs(at);
        if (startUs <= toUs && endUs >= fromUs) visit(slab, at, startUs, endUs);
      }
    }
  }

  #newChunk(lane: number): number {
    const chunk = this.#chunks.add();
    if ((chunk & CHUNK_MASK) === 0) this.#slabs.push(new Slab());
    const last = this.#laneLast[lane] as number;
    if (last === NONE) this.#laneFirst[lane] = chunk;
    else this.#chunks.next[last] = chunk;
    this.#laneLast[lane] = chunk;
    return chunk;
  }
}

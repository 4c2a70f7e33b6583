import { t } from '@vscode/l10n';
import type { Bar } from './bar-store.ts';
import { BarStore } from './bar-store.ts';
import { BarKind, DETAIL_SHIFT, isPassKind, NO_PASS, NO_WORKER } from './bars.ts';
import { RUNNER_KIND } from '../trace/model.ts';
import { kindWord } from './chain-words.ts';
import { naturalOrder } from './lane-order.ts';
import { withRoom } from './grow-array.ts';
import { SubRows } from './sub-rows.ts';

/** What a lane stands for. */
export type LaneBy = 'runner' | 'worker' | 'api';

/** Where a request lies: its row among those of its kind, and the lane of that row. */
interface InFlight {
  readonly rows: SubRows;
  readonly row: number;
  readonly lane: number;
}

/** The same bars of a session, with a lane for each worker, or for each kind of request. */
export class Arrangement {
  readonly store = new BarStore();
  readonly names: string[] = [];
  readonly #by: 'worker' | 'api';
  readonly #runners: BarStore;
  readonly #words: readonly string[];
  readonly #kindOf: (lane: number) => string;
  /** By kind of what its passes reconcile: the lanes of a controller's workers. */
  readonly #workers = new Map<string, number[]>();
  /** By word of a request: its calls at the same time lie in rows of their own, each with a lane. */
  readonly #requests = new Map<number, { readonly rows: SubRows; readonly lanes: number[] }>();
  /** The limiter's part of a request, which comes before the rest of it. */
  #held: Bar | undefined;
  /** By pass: its request in flight. */
  readonly #inFlight = new Map<number, InFlight>();
  #ordered: Uint32Array | undefined;

  /** @param kindOf the kind of what a lane of `runners` shows: each controller has workers of its own */
  constructor(
    by: 'worker' | 'api',
    runners: BarStore,
    words: readonly string[],
    kindOf: (lane: number) => string = () => RUNNER_KIND,
  ) {
    this.#by = by;
    this.#runners = runners;
    this.#words = words;
    this.#kindOf = kindOf;
    for (const bar of inOrderOfPasses(runners)) this.add(bar);
  }

  add(bar: Bar): void {
    if (this.#by === 'worker') this.#addToWorker(bar);
    else this.#addToRequests(bar);
  }

  /** The lanes in the order in which they are shown, which is the same in all sessions. */
  get order(): Uint32Array {
    if (this.#ordered?.length !== this.names.length) this.#ordered = naturalOrder(this.names.map(sortingName));
    return this.#ordered;
  }

  /** How many workers or kinds of request there are. */
  get kinds(): number {
    return this.#by === 'worker' ? this.names.length : this.#requests.size;
  }

  /** Waits and states belong to runners alone. */
  #addToWorker(bar: Bar): void {
    if (bar.kind < BarKind.passUnknown || bar.kind > BarKind.phaseOdd) return;
    const number = this.#runners.workerOfPass(bar.pass);
    if (number === NO_WORKER) return;
    const worker = this.#laneOfWorker(this.#kindOf(this.#runners.laneOfPass(bar.pass) ?? bar.lane), number);
    this.store.growTo(this.names.length);
    // A worker does one thing after the other.
    if (bar.endUs === Infinity) this.store.open(worker, bar.kind, bar.startUs, bar.pass, bar.detail);
    else {
      this.store.end(worker, bar.kind);
      this.#put(worker, bar);
    }
  }

  #laneOfWorker(kind: string, worker: number): number {
    let lanes = this.#workers.get(kind);
    if (lanes === undefined) this.#workers.set(kind, (lanes = []));
    for (let next = lanes.length; next <= worker; next++) {
      const name = t('worker {0}', next + 1);
      lanes.push(this.names.push(kind === RUNNER_KIND ? name : `${kindWord(kind)} · ${name}`) - 1);
    }
    return lanes[worker] as number;
  }

  /** The lane of the worker that a pass had; undefined where it is not known. */
  laneOfPass(pass: number): number | undefined {
    const [worker, lane] = [this.#runners.workerOfPass(pass), this.#runners.laneOfPass(pass)];
    if (worker === NO_WORKER || lane === undefined) return undefined;
    return this.#workers.get(this.#kindOf(lane))?.[worker];
  }

  #addToRequests(bar: Bar): void {
    if (isPassKind(bar.kind) && bar.endUs < Infinity) this.#endFlight(bar);
    if (bar.kind < BarKind.throttled || bar.kind > BarKind.refused) return;
    // Of no pass, it could not be told from the others when it ends.
    if (bar.pass === NO_PASS && bar.endUs === Infinity) return;
    const known = this.#inFlight.get(bar.pass);
    if (known === undefined && bar.kind === BarKind.throttled && bar.endUs < Infinity) {
      this.#held = bar;
      return;
    }
    const held = this.#held?.pass === bar.pass && this.#held.endUs === bar.startUs ? this.#held : undefined;
    this.#held = undefined;
    const place = known ?? this.#place(bar.detail, held?.startUs ?? bar.startUs, bar.endUs);
    if (held !== undefined) this.#put(place.lane, held);
    if (bar.endUs === Infinity) {
      this.store.open(place.lane, bar.kind, bar.startUs, bar.pass, bar.detail);
      this.#inFlight.set(bar.pass, place);
      return;
    }
    this.store.end(place.lane, bar.kind);
    this.#put(place.lane, bar);
    if (known === undefined || bar.kind === BarKind.throttled) return;
    known.rows.end(known.row, bar.endUs);
    this.#inFlight.delete(bar.pass);
  }

  /** With a pass its request ends too; when exactly, the request's own bar says if there is one. */
  #endFlight({ pass, endUs }: Bar): void {
    const known = this.#inFlight.get(pass);
    if (known === undefined) return;
    this.store.end(known.lane, BarKind.kubernetes);
    known.rows.end(known.row, endUs);
  }

  #place(word: number, fromUs: number, toUs: number): InFlight {
    let known = this.#requests.get(word);
    if (known === undefined) this.#requests.set(word, (known = { rows: new SubRows(), lanes: [] }));
    const { rows, lanes } = known;
    const row = rows.place(fromUs, toUs);
    let lane = lanes[row];
    if (lane === undefined) {
      lane = this.names.push(this.#words[word] ?? '') - 1;
      lanes.push(lane);
      this.store.growTo(this.names.length);
    }
    return { rows, row, lane };
  }

  #put(lane: number, bar: Bar): void {
    const tag = ((bar.detail << DETAIL_SHIFT) | bar.kind) >>> 0;
    this.store.add(lane, bar.startUs, bar.endUs - bar.startUs, bar.pass, tag);
  }
}

/** Requests are sorted by what they are about, then by what they do with it. */
function sortingName(name: string): string {
  const [verb = '', ...rest] = name.split(' ');
  return rest.length === 0 ? name : `${rest.join(' ')} ${verb}`;
}

/** The bars of passes in the order in which passes ended, so that what is near in time lies near in the new lanes. */
function* inOrderOfPasses(runners: BarStore): IterableIterator<Bar> {
  let firstOfPass = new Uint32Array(64);
  let passes = 0;
  forEachOfPasses(runners, ({ pass }) => {
    firstOfPass = withRoom(firstOfPass, pass + 1);
    firstOfPass[pass + 1] = (firstOfPass[pass + 1] as number) + 1;
    if (pass >= passes) passes = pass + 1;
  });
  for (let pass = 0; pass < passes; pass++) {
    firstOfPass[pass + 1] = (firstOfPass[pass + 1] as number) + (firstOfPass[pass] as number);
  }
  const length = firstOfPass[passes] as number;
  const [startUs, endUs] = [new Float64Array(length), new Float64Array(length)];
  const [kind, detail, pass] = [new Uint8Array(length), new Uint32Array(length), new Uint32Array(length)];
  const next = firstOfPass.slice();
  forEachOfPasses(runners, (bar) => {
    const at = next[bar.pass] as number;
    next[bar.pass] = at + 1;
    startUs[at] = bar.startUs;
    endUs[at] = bar.endUs;
    kind[at] = bar.kind;
    detail[at] = bar.detail;
    pass[at] = bar.pass;
  });
  for (let at = 0; at < length; at++) {
    yield {
      lane: 0,
      kind: kind[at] as BarKind,
      startUs: startUs[at] as number,
      endUs: endUs[at] as number,
      pass: pass[at] as number,
      detail: detail[at] as number,
    };
  }
}

function forEachOfPasses(runners: BarStore, visit: (bar: Bar) => void): void {
  for (let lane = 0; lane < runners.lanes; lane++) {
    runners.forEach(lane, -Infinity, Infinity, (bar) => {
      if (bar.kind >= BarKind.passUnknown && bar.kind <= BarKind.phaseOdd) visit(bar);
    });
  }
}

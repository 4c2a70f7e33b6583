import { t } from '@vscode/l10n';
import type { Bar } from './bar-store.ts';
import { BarStore } from './bar-store.ts';
import { BarKind, DETAIL_SHIFT } from './bars.ts';

/** What a lane stands for. */
export type LaneBy = 'runner' | 'worker' | 'api';

/** The bars of a session once more, with a lane for each worker, or for each kind of request. */
export class Arrangement {
  readonly store = new BarStore();
  readonly names: string[] = [];
  readonly #by: 'worker' | 'api';
  readonly #runners: BarStore;
  readonly #words: readonly string[];
  readonly #lanes = new Map<number, number>();

  constructor(by: 'worker' | 'api', runners: BarStore, words: readonly string[]) {
    this.#by = by;
    this.#runners = runners;
    this.#words = words;
    for (const bar of inOrderOfPasses(runners)) this.add(bar);
  }

  add(bar: Bar): void {
    const lane = this.#by === 'worker' ? this.#workerLane(bar) : this.#apiLane(bar);
    if (lane === undefined) return;
    if (bar.endUs === Infinity) {
      // A worker does one thing after the other; of the requests of one kind several may be in flight.
      if (this.#by === 'worker') this.store.open(lane, bar.kind, bar.startUs, bar.pass, bar.detail);
      return;
    }
    this.store.end(lane, bar.kind);
    const tag = ((bar.detail << DETAIL_SHIFT) | bar.kind) >>> 0;
    this.store.add(lane, bar.startUs, bar.endUs - bar.startUs, bar.pass, tag);
  }

  /** Waits and states belong to runners alone. */
  #workerLane({ kind, pass }: Bar): number | undefined {
    if (kind < BarKind.pass || kind > BarKind.phaseOdd) return undefined;
    const worker = this.#runners.workerOfPass(pass);
    for (let next = this.names.length; next <= worker; next++) this.names.push(t('worker {0}', next + 1));
    this.store.growTo(this.names.length);
    return worker;
  }

  #apiLane({ kind, detail }: Bar): number | undefined {
    if (kind < BarKind.throttled || kind > BarKind.refused) return undefined;
    let lane = this.#lanes.get(detail);
    if (lane === undefined) {
      lane = this.names.length;
      this.#lanes.set(detail, lane);
      this.names.push(this.#words[detail] ?? '');
      this.store.growTo(this.names.length);
    }
    return lane;
  }
}

/** The bars of passes in the order in which passes ended, so that what is near in time lies near in the new lanes. */
function* inOrderOfPasses(runners: BarStore): IterableIterator<Bar> {
  const firstOfPass = new Uint32Array(runners.passes + 1);
  forEachOfPasses(runners, ({ pass }) => {
    firstOfPass[pass + 1] = (firstOfPass[pass + 1] as number) + 1;
  });
  for (let pass = 0; pass < runners.passes; pass++) {
    firstOfPass[pass + 1] = (firstOfPass[pass + 1] as number) + (firstOfPass[pass] as number);
  }
  const length = firstOfPass[runners.passes] as number;
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
      if (bar.kind >= BarKind.pass && bar.kind <= BarKind.phaseOdd) visit(bar);
    });
  }
}

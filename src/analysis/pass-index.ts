import { firstThat } from '../base/first-that.ts';
import { addTo } from '../base/group.ts';
import { RUNNER_KIND } from '../trace/model.ts';
import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A pass that gave something free, and when it did. */
export interface Release {
  readonly pass: number;
  readonly atUs: number;
}

/** Passes by object and by worker, and calls of the Actions service, each by their end: what a walk from waits to causes looks up. */
export class PassIndex {
  readonly #log: TraceLog;
  /** By the number of a runner's name, or kind and number of the name of something else: it may have the name of a runner. */
  readonly #ofObject = new Map<number | string, number[]>();
  /** By controller and worker, and by controller alone for passes whose worker is not known: passes that have ended, by their end. */
  readonly #byEnd = new Map<string, Release[]>();
  readonly #calls: Release[] = [];
  /** Where a pass stands among those of its object. */
  readonly #place = new Map<number, number>();

  constructor(log: TraceLog) {
    this.#log = log;
    const { passes, requests } = log.rows;
    for (let pass = 0; pass < log.passCount; pass++) {
      this.#place.set(pass, addTo(this.#ofObject, this.#objectOf(pass), pass));
      if (passes.hasEnded(pass)) {
        const release = { pass, atUs: passes.span.endedUs(pass) };
        addTo(this.#byEnd, this.#slotOf(pass), release);
        if (!Number.isNaN(passes.worker.get(pass))) addTo(this.#byEnd, this.#controllerOf(pass), release);
      }
      for (let row = requests.to.length === 0 ? NONE : lastOf(passes.lastRequest.get(pass)); row !== NONE;) {
        const atUs = requests.span.endedUs(row);
        if (requests.to.get(row) === 1 && !Number.isNaN(atUs)) this.#calls.push({ pass, atUs });
        row = requests.before(row);
      }
    }
    for (const releases of [this.#calls, ...this.#byEnd.values()]) releases.sort((a, b) => a.atUs - b.atUs);
  }

  /** The passes of a runner, by the number of its name, in the order in which they began. */
  passesOf(runner: number): readonly number[] {
    return this.#ofObject.get(runner) ?? [];
  }

  /** The pass of the same object before this one. */
  passBefore(pass: number): number | undefined {
    const place = this.#place.get(pass) ?? 0;
    return this.#ofObject.get(this.#objectOf(pass))?.[place - 1];
  }

  /** Which pass gave free the worker that took this one. */
  workerReleasedBefore(pass: number, atUs: number): Release | undefined {
    return lastBefore(this.#byEnd.get(this.#slotOf(pass)) ?? [], atUs, pass);
  }

  /** Which pass's call of the Actions service ended last, at a time or before it. */
  callEndedBefore(pass: number, atUs: number): Release | undefined {
    return lastBefore(this.#calls, atUs, pass);
  }

  #objectOf(pass: number): number | string {
    const { rows } = this.#log;
    const [object, kind] = [rows.passes.object.get(pass), rows.kindOfPass(pass)];
    return kind === RUNNER_KIND ? object : `${kind} ${object}`;
  }

  #slotOf(pass: number): string {
    const worker = this.#log.rows.passes.worker.get(pass);
    return Number.isNaN(worker) ? this.#controllerOf(pass) : `${this.#controllerOf(pass)} ${worker}`;
  }

  #controllerOf(pass: number): string {
    return String(this.#log.rows.passes.controller.get(pass));
  }
}

const known = new WeakMap<TraceLog, { readonly of: string; readonly index: PassIndex }>();

/** The index of a trace as it is now; it is made again when the trace has grown. */
export function passIndexOf(log: TraceLog): PassIndex {
  const of = `${log.length} ${log.passCount}`;
  const before = known.get(log);
  if (before?.of === of) return before.index;
  const index = new PassIndex(log);
  known.set(log, { of, index });
  return index;
}

function lastOf(row: number): number {
  return Number.isNaN(row) ? NONE : row;
}

function lastBefore(releases: readonly Release[], atUs: number, but: number): Release | undefined {
  let next = firstThat(releases.length, (place) => (releases[place] as Release).atUs > atUs);
  while (next > 0 && releases[next - 1]?.pass === but) next--;
  return releases[next - 1];
}

import type { OpenPass, PassEvent, TraceRequest } from '../../trace/model.ts';
import type { TraceLog } from '../../trace/trace-log.ts';

/** How much of a pass that goes on is in the trace. */
interface Written {
  readonly number: number;
  phases: number;
  requests: number;
  /** The last of the requests, while it has no answer. */
  asks: TraceRequest | undefined;
}

/** Writes passes to a trace: at once as a whole, or piece by piece while they go on. */
export class PassRows {
  readonly #log: TraceLog;
  /** By id. */
  readonly #open = new Map<string, Written>();

  constructor(log: TraceLog) {
    this.#log = log;
  }

  /** Writes what is not in the trace yet. A pass that goes on is given again, as it is then, and at last as it has ended. */
  put(pass: PassEvent | OpenPass): void {
    const { id = '' } = pass;
    const written = this.#open.get(id);
    if (written === undefined) this.#begin(id, pass);
    else {
      this.#add(written, pass);
      if (pass.ended === undefined) return;
      this.#log.endPass(written.number, pass);
      this.#open.delete(id);
    }
  }

  #begin(id: string, pass: PassEvent | OpenPass): void {
    const number = this.#log.addPass(pass);
    if (pass.ended !== undefined) return;
    const { phases = [], requests = [] } = pass;
    const last = requests.at(-1);
    const asks = last?.ended === undefined ? last : undefined;
    this.#open.set(id, { number, phases: phases.length, requests: requests.length, asks });
  }

  #add(written: Written, { phases = [], requests = [] }: PassEvent | OpenPass): void {
    const { number } = written;
    for (const { name, started } of phases.slice(written.phases)) this.#log.beginPhase(number, name, started);
    written.phases = phases.length;
    if (written.asks !== undefined) {
      const asked = requests[written.requests - 1];
      if (asked !== undefined && isSame(written.asks, asked)) {
        if (asked.ended === undefined) return;
        this.#log.endRequest(number, asked);
      } else written.requests--;
      written.asks = undefined;
    }
    for (const request of requests.slice(written.requests)) {
      this.#log.beginRequest(number, request);
      written.asks = request.ended === undefined ? request : undefined;
    }
    written.requests = requests.length;
  }
}

/** Whether what was asked for has been answered; a line may also show that it never was asked for. */
function isSame(one: TraceRequest, other: TraceRequest): boolean {
  return one.started === other.started && one.verb === other.verb && one.resource === other.resource;
}

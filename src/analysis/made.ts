import type { TraceRequest } from '../trace/model.ts';
import { RequestPairs } from '../trace/request-pairs.ts';
import type { Rows } from '../trace/rows.ts';

/** What a request of a pass brought into the world. */
export type Made = 'pod' | 'secret' | 'registration';

interface Maker {
  readonly made: Made;
  readonly verb: string;
  readonly resource: string;
  /** The answer that says that it was made. */
  readonly status: number;
}

const MAKERS: readonly Maker[] = [
  { made: 'pod', verb: 'create', resource: 'pods', status: 201 },
  { made: 'secret', verb: 'create', resource: 'secrets', status: 201 },
  { made: 'registration', verb: 'post', resource: 'generatejitconfig', status: 200 },
];

/** What a request made; undefined for nothing, and where the answer is not known. */
export function madeBy({ verb, resource, status }: TraceRequest): Made | undefined {
  const maker = makerOf(verb, resource);
  return maker?.status === status ? maker?.made : undefined;
}

function makerOf(verb: string | undefined, resource: string | undefined): Maker | undefined {
  return MAKERS.find((one) => one.verb === verb && one.resource === resource);
}

/** The same for rows. */
export class MadeByRows {
  readonly #rows: Rows;
  readonly #makers: RequestPairs<Maker | null>;

  constructor(rows: Rows) {
    this.#rows = rows;
    this.#makers = new RequestPairs(rows, (verb, resource) => makerOf(verb, resource) ?? null);
  }

  of(request: number): Made | undefined {
    const maker = this.#makers.of(request);
    return maker !== null && maker.status === this.#rows.requests.status.get(request) ? maker.made : undefined;
  }
}

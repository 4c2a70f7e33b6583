import type { TraceRequest } from '../trace/model.ts';
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
  return MAKERS.find((one) => one.verb === verb && one.resource === resource && one.status === status)?.made;
}

/** The same for rows; there are many: verbs and resources are compared once for each pair. */
export class MadeByRows {
  readonly #rows: Rows;
  readonly #makers = new Map<number, Maker | null>();

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  of(request: number): Made | undefined {
    const { verb, resource, status } = this.#rows.requests;
    const [verbWord, resourceWord] = [verb.get(request), resource.get(request)];
    // Of an unknown verb or resource the sum is NaN, which is a key like another.
    const pair = verbWord * 2 ** 16 + resourceWord;
    let maker = this.#makers.get(pair);
    if (maker === undefined) {
      const { words } = this.#rows;
      const [verbText, resourceText] = [words.textOf(verbWord), words.textOf(resourceWord)];
      maker = MAKERS.find((one) => one.verb === verbText && one.resource === resourceText) ?? null;
      this.#makers.set(pair, maker);
    }
    return maker !== null && maker.status === status.get(request) ? maker.made : undefined;
  }
}

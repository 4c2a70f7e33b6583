import { objectDetail } from '../explain/object-detail.ts';
import type { HostMessage } from '../protocol.ts';
import type { TimelineSource } from './run.ts';

/** Something above runners whose detail is on a page: a scale set, its listener, a set, jobs. */
export class FollowedObject {
  readonly #source: TimelineSource;
  readonly #kind: string;
  readonly #name: string;
  /** How many events the trace had, and what they said. */
  #read = -1;
  #told = '';

  constructor(source: TimelineSource, kind: string, name: string) {
    this.#source = source;
    this.#kind = kind;
    this.#name = name;
  }

  /** The detail, where it is another one than before. */
  *news(): Generator<HostMessage> {
    const { info, trace } = this.#source;
    if (trace.length === this.#read) return;
    this.#read = trace.length;
    const detail = objectDetail(trace, this.#kind, this.#name);
    const told = JSON.stringify(detail);
    if (detail === undefined || told === this.#told) return;
    this.#told = told;
    yield { type: 'runner', session: info.id, detail: { runner: this.#name, kind: this.#kind, ...detail } };
  }
}

import { BASES, POD_STATES, RUNNER_KIND, type PodState } from '../trace/model.ts';
import type { Rows } from '../trace/rows.ts';

const RUN = BASES.indexOf('run');
const ALIVE: ReadonlySet<PodState> = new Set(['created', 'pending', 'running', 'ready']);
const GONE: ReadonlySet<PodState> = new Set(['none', 'succeeded', 'failed', 'deleted']);

/**
 * Tells which events about runners show a new pod: logs and audit events say so where no request is known. Of our own runs
 * every answer is known, and what is seen of a pod says nothing more.
 */
export class PodsSeen {
  readonly #rows: Rows;
  /** By number of the runner's name: the state of its pod, where that is known. */
  readonly #states = new Map<number, PodState>();

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /**
   * Rows are given in order, each once.
   * @returns when it was there, in microseconds of the trace; undefined where there is no new pod
   */
  newAtUs(row: number): number | undefined {
    const { span } = this.#rows.objects;
    if (!this.#isNew(row)) return undefined;
    const untilUs = span.endedUs(row);
    return Number.isNaN(untilUs) ? span.startedUs(row) : untilUs;
  }

  #isNew(row: number): boolean {
    const { objects, words } = this.#rows;
    const state = POD_STATES[objects.pod.get(row)];
    if (state === undefined || objects.basis.get(row) === RUN) return false;
    if (words.textOf(objects.kind.get(row)) !== RUNNER_KIND) return false;
    const object = objects.object.get(row);
    const before = this.#states.get(object);
    this.#states.set(object, state);
    if (state === 'created') return before !== 'created';
    // One whose state before is not known may have been there for long.
    return ALIVE.has(state) && before !== undefined && GONE.has(before);
  }
}

import { t } from '@vscode/l10n';
import { ProgressEndEvent, ProgressStartEvent, ProgressUpdateEvent, type Event } from '@vscode/debugadapter';
import { formatDuration } from '../base/duration.ts';
import type { Waiter } from '../debug/recording.ts';

/** After how long it says something, and how often then: where an editor shows progress, and in lines where it does not. */
const [SILENT_MS, UPDATE_MS, LINE_MS] = [1_000, 500, 5_000];

interface ProgressOptions {
  readonly send: (event: Event) => void;
  readonly say: (text: string) => void;
}

/** Tells an editor how far a simulation has come that takes longer than a moment, and lets it give the simulation up. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #going = new Map<string, AbortController>();
  #count = 0;
  /** Whether the editor shows progress in its own way. */
  isShown = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** @param signal comes when the whole session is given up */
  async during<T>(signal: AbortSignal, work: (waiter: Waiter) => Promise<T>): Promise<T> {
    const id = `simulation ${++this.#count}`;
    const given = new AbortController();
    this.#going.set(id, given);
    const told = this.#tell(id);
    try {
      return await work({ signal: AbortSignal.any([signal, given.signal]), onSlice: told.onSlice });
    } finally {
      this.#going.delete(id);
      told.end();
    }
  }

  /** Gives up a simulation; one that is over already is left as it is. */
  cancel(id: string): void {
    this.#going.get(id)?.abort();
  }

  #tell(id: string): { readonly onSlice: NonNullable<Waiter['onSlice']>; readonly end: () => void } {
    const { send, say } = this.#options;
    let nextMs = performance.now() + SILENT_MS;
    let isBegun = false;
    const onSlice = (moments: number, us: number): void => {
      const nowMs = performance.now();
      if (nowMs < nextMs) return;
      nextMs = nowMs + (this.isShown ? UPDATE_MS : LINE_MS);
      const far = t('{0} moments so far, {1} of the run', moments, formatDuration(us));
      if (!this.isShown) say(t('Simulating: {0}.', far));
      else if (isBegun) send(new ProgressUpdateEvent(id, far));
      else {
        const start = new ProgressStartEvent(id, t('Simulating the run'), far);
        Object.assign(start.body, { cancellable: true });
        send(start);
        isBegun = true;
      }
    };
    return { onSlice, end: () => isBegun && send(new ProgressEndEvent(id)) };
  }
}

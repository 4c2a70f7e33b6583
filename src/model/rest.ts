import { t } from '@vscode/l10n';
import { codeWords } from '../problems/code-words.ts';
import type { WallClock } from '../base/wall-clock.ts';
import type { ReadonlyRunnerIndex } from './runner-index.ts';
import type { RunnerTable } from './runner-table.ts';

/** Stuck runners that are asked what they wait for; the sentence names what most of these say. */
const ASKED = 500;

/** What a run on the embedded cluster has come to when nothing is scheduled any more. */
export interface Rest {
  /** Nobody waits: the run may end. Otherwise runners wait for something that nothing will bring. */
  readonly isOver: boolean;
  /** What the runners have come to, in a sentence or two. */
  readonly text: string;
  /** What most of the stuck runners wait for, in a few words; empty when the run is over. */
  readonly reason: string;
}

export function restOf(table: Pick<RunnerTable, 'index' | 'describe'>): Rest {
  const { counts, added: created, size } = table.index;
  const { pending, deleting, failed, running, succeeded } = counts;
  const stuck = pending + deleting;
  if (stuck > 0) {
    const stuckOnes = stuckKeys(table.index).flatMap((key) => table.describe(key) ?? []);
    const why = mostCommon(stuckOnes.map(({ waits }) => waits));
    const reason = mostCommon(
      stuckOnes.map(({ problem, waits }) => (problem === undefined ? waits : codeWords(problem.code))),
    );
    return { isOver: false, text: stuckText(stuck, created, why), reason };
  }
  const finished = succeeded + created - size;
  const over = (text: string): Rest => ({ isOver: true, text, reason: '' });
  if (created === 0) return over(t('There are no runners; nothing is left to do.'));
  if (running === created) {
    return over(
      created === 1
        ? t('The runner has its pod; nothing is left to do.')
        : created === 2
          ? t('Both runners have their pods; nothing is left to do.')
          : t('All {0} runners have their pods; nothing is left to do.', created),
    );
  }
  if (finished === created) {
    return over(
      created === 1
        ? t('The runner has finished; nothing is left to do.')
        : created === 2
          ? t('Both runners have finished; nothing is left to do.')
          : t('All {0} runners have finished; nothing is left to do.', created),
    );
  }
  if (failed === created) {
    return over(
      created === 1
        ? t('The runner has failed; nothing is left to do.')
        : created === 2
          ? t('Both runners have failed; nothing is left to do.')
          : t('All {0} runners have failed; nothing is left to do.', created),
    );
  }
  const parts = [
    running === 0 ? '' : running === 1 ? t('1 has its pod') : t('{0} have their pods', running),
    finished === 0 ? '' : finished === 1 ? t('1 has finished') : t('{0} have finished', finished),
    failed === 0 ? '' : failed === 1 ? t('1 has failed') : t('{0} have failed', failed),
  ].filter((part) => part !== '');
  return over(t('Of {0} runners {1}; nothing is left to do.', created, parts.join(', ')));
}

function stuckText(stuck: number, created: number, why: string): string {
  if (created === 1) return t('The runner is stuck: {0}. Nothing is scheduled that would change this.', why);
  if (stuck === 1)
    return t('1 of {0} runners is stuck: {1}. Nothing is scheduled that would change this.', created, why);
  return t('{0} of {1} runners are stuck: {2}. Nothing is scheduled that would change this.', stuck, created, why);
}

/** Tells when a run on the embedded cluster has come to rest, and when something has been asked of it after that. */
export class RestWatch {
  readonly #clock: Pick<WallClock, 'idle' | 'pending'>;
  readonly #look: () => Rest;
  readonly #tell: (rest: Rest | undefined) => void;
  #waiting = false;

  /** @param tell called with the rest, and with undefined when it is over */
  constructor(clock: Pick<WallClock, 'idle' | 'pending'>, look: () => Rest, tell: (rest: Rest | undefined) => void) {
    this.#clock = clock;
    this.#look = look;
    this.#tell = tell;
    this.woken();
  }

  /** Something was asked of the run from outside. */
  woken(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#tell(undefined);
    void this.#wait();
  }

  async #wait(): Promise<void> {
    do await this.#clock.idle();
    while (this.#clock.pending > 0);
    this.#waiting = false;
    this.#tell(this.#look());
  }
}

function stuckKeys(index: ReadonlyRunnerIndex): string[] {
  const keys: string[] = [];
  for (const key of index.columns.keys) {
    const state = index.stateOf(key);
    if (state === 'pending' || state === 'deleting') keys.push(key);
    if (keys.length === ASKED) break;
  }
  return keys;
}

function mostCommon(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

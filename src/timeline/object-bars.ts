import { t } from '@vscode/l10n';
import { POD_STATES, RUNNER_KIND, type PodState, type PodTrouble } from '../trace/model.ts';
import type { Rows } from '../trace/rows.ts';
import { isCommonWait } from '../trace/why.ts';
import { BarKind } from './bars.ts';
import type { BarWriter } from './bar-writer.ts';
import type { FeedNames } from './feed-names.ts';
import { withRoom } from './grow-array.ts';

const RUNNER_BAR: Readonly<Record<string, BarKind>> = {
  Pending: BarKind.runnerPending,
  Running: BarKind.runnerRunning,
  Succeeded: BarKind.runnerSucceeded,
  Failed: BarKind.runnerFailed,
  Outdated: BarKind.runnerFailed,
};

const POD_BAR: Readonly<Record<PodState, BarKind>> = {
  none: BarKind.none,
  created: BarKind.podCreated,
  pending: BarKind.podPending,
  running: BarKind.podRunning,
  ready: BarKind.podRunning,
  succeeded: BarKind.podSucceeded,
  failed: BarKind.podFailed,
  deleted: BarKind.none,
};

/** Of an event about the pod itself: the bar of its phase. */
const POD_PHASE_BAR: Readonly<Record<string, BarKind>> = {
  Pending: BarKind.podPending,
  Running: BarKind.podRunning,
  Succeeded: BarKind.podSucceeded,
  Failed: BarKind.podFailed,
};

/** What a bar says of why: one short word, with the exit code where the word is not that already. */
function codeOf(trouble: PodTrouble | undefined): string | undefined {
  if (trouble?.ended !== true || trouble.exitCode === undefined) return trouble?.code;
  const isSaid = trouble.code.includes(String(trouble.exitCode));
  return isSaid ? trouble.code : t('{0}, exit {1}', trouble.code, trouble.exitCode);
}

/** By lane: the bar of a track that has no end yet. */
class OpenBars {
  kind = new Uint8Array(64);
  sinceUs = new Float64Array(64);
  /** Number of the word that says why; that of the empty word where there is nothing to say. */
  word = new Int32Array(64);

  /** Makes the lane exist. */
  growTo(lane: number): void {
    if (lane < this.kind.length) return;
    this.kind = withRoom(this.kind, lane);
    this.sinceUs = withRoom(this.sinceUs, lane);
    this.word = withRoom(this.word, lane);
  }
}

/** Makes bars and moments of what is known of runners and their pods. What an event leaves out stays as it was. */
export class ObjectBars {
  readonly #rows: Rows;
  readonly #names: FeedNames;
  readonly #writer: BarWriter;
  readonly #runners = new OpenBars();
  readonly #pods = new OpenBars();
  /** By lane: 1 when the runner itself has been seen, not only what is done for it. */
  #isKnown = new Uint8Array(64);

  constructor(rows: Rows, names: FeedNames, writer: BarWriter) {
    this.#rows = rows;
    this.#names = names;
    this.#writer = writer;
  }

  /** Whether events of the row's kind are shown in the lane of the object's name: pods have their runner's. */
  isShown(row: number): boolean {
    const kind = this.#rows.words.textOf(this.#rows.objects.kind.get(row));
    return kind === RUNNER_KIND || kind === 'Pod';
  }

  add(lane: number, row: number): void {
    this.#runners.growTo(lane);
    this.#pods.growTo(lane);
    this.#isKnown = withRoom(this.#isKnown, lane);
    const { objects, words, whys } = this.#rows;
    const atUs = objects.span.startedUs(row);
    const untilUs = objects.span.endedUs(row);
    // It came to be so in between: what was before ends at the one, what is now begins at the other.
    const sinceUs = Number.isNaN(untilUs) ? atUs : untilUs;
    const deleted = objects.deleted.get(row) === 1;
    const phase = words.textOf(objects.phase.get(row));
    const why = whys[objects.why.get(row)];
    const code = codeOf(why?.trouble);
    const podBefore = this.#pods.kind[lane] as BarKind;
    if (words.textOf(objects.kind.get(row)) !== RUNNER_KIND) {
      const kind = deleted ? BarKind.none : phase === undefined ? undefined : POD_PHASE_BAR[phase];
      this.#changePod(lane, kind ?? podBefore, code, atUs, sinceUs);
      return;
    }
    if (this.#isKnown[lane] === 0) this.#mark(lane, BarKind.markRunnerCreated, atUs);
    this.#isKnown[lane] = 1;
    if (deleted || phase !== undefined) {
      const kind = deleted ? BarKind.none : (RUNNER_BAR[phase ?? ''] ?? BarKind.none);
      const before = this.#runners.kind[lane];
      this.#change(lane, this.#runners, kind, why?.reason, atUs, sinceUs);
      if (kind !== before) {
        if (kind === BarKind.runnerFailed) this.#mark(lane, BarKind.markFailure, sinceUs);
        if (kind === BarKind.runnerSucceeded) this.#mark(lane, BarKind.markFinished, sinceUs);
      }
    }
    const pod = POD_STATES[objects.pod.get(row)];
    const podKind = deleted ? BarKind.none : pod === undefined ? podBefore : POD_BAR[pod];
    const hasChanged = this.#changePod(lane, podKind, code, atUs, sinceUs);
    const trouble = why?.trouble;
    if (hasChanged && trouble !== undefined && !isCommonWait(trouble)) {
      const mark = podKind === BarKind.podFailed ? BarKind.markPodFailed : BarKind.markTrouble;
      this.#mark(lane, mark, sinceUs, this.#pods.word[lane]);
    }
    if (deleted) this.#mark(lane, BarKind.markDeleted, sinceUs);
  }

  /** A pod has come to be, whose making no request shows. */
  podMade(lane: number, atUs: number): void {
    this.#mark(lane, BarKind.markPodCreated, atUs);
  }

  /** @returns whether the pod's bar is another one now */
  #changePod(lane: number, kind: BarKind, code: string | undefined, atUs: number, sinceUs: number): boolean {
    const before = this.#pods.kind[lane];
    const hasChanged = this.#change(lane, this.#pods, kind, code, atUs, sinceUs);
    if (kind !== before && kind === BarKind.podRunning) this.#mark(lane, BarKind.markPodRunning, sinceUs);
    return hasChanged;
  }

  /**
   * Ends a bar and begins the next where what it shows, or the word of why, is another.
   * @returns whether it does
   */
  #change(
    lane: number,
    open: OpenBars,
    kind: BarKind,
    why: string | undefined,
    atUs: number,
    sinceUs: number,
  ): boolean {
    const word = kind === BarKind.none ? 0 : this.#names.word(why ?? '');
    const kindBefore = open.kind[lane] as BarKind;
    const wordBefore = open.word[lane] as number;
    if (kind === kindBefore && word === wordBefore) return false;
    const beganUs = open.sinceUs[lane] as number;
    // Of two that may have come to be so at the same time, the first has lasted no time that is known.
    const lastedUs = Math.max(0, atUs - beganUs);
    if (kindBefore !== BarKind.none) this.#writer.add(lane, kindBefore, beganUs, lastedUs, wordBefore);
    if (kind !== BarKind.none) this.#writer.add(lane, kind, sinceUs, Infinity, word);
    open.kind[lane] = kind;
    open.sinceUs[lane] = sinceUs;
    open.word[lane] = word;
    return true;
  }

  #mark(lane: number, kind: BarKind, atUs: number, word = 0): void {
    this.#writer.add(lane, kind, atUs, 0, word);
  }
}

import { t } from '@vscode/l10n';
import { POD_STATES, RUNNER_KIND, type PodState, type PodTrouble } from '../trace/model.ts';
import type { Rows } from '../trace/rows.ts';
import { isCommonWait } from '../trace/why.ts';
import { BarKind } from './bars.ts';
import type { BarWriter } from './bar-writer.ts';
import type { FeedNames } from './feed-names.ts';
import type { LaneState, OpenBar } from './lane-state.ts';

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

/** Makes bars and moments of what is known of runners and their pods. What an event leaves out stays as it was. */
export class ObjectBars {
  readonly #rows: Rows;
  readonly #names: FeedNames;
  readonly #writer: BarWriter;

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

  add(state: LaneState, row: number): void {
    const { objects, words, whys } = this.#rows;
    const atUs = objects.span.startedUs(row);
    const untilUs = objects.span.endedUs(row);
    // It came to be so in between: what was before ends at the one, what is now begins at the other.
    const sinceUs = Number.isNaN(untilUs) ? atUs : untilUs;
    const deleted = objects.deleted.get(row) === 1;
    const phase = words.textOf(objects.phase.get(row));
    const why = whys[objects.why.get(row)];
    const code = codeOf(why?.trouble);
    if (words.textOf(objects.kind.get(row)) !== RUNNER_KIND) {
      const kind = deleted ? BarKind.none : phase === undefined ? undefined : POD_PHASE_BAR[phase];
      this.#changePod(state, kind ?? state.pod.kind, code, atUs, sinceUs);
      return;
    }
    if (!state.isKnown) this.#mark(state, BarKind.markRunnerCreated, atUs);
    state.isKnown = true;
    if (deleted || phase !== undefined) {
      const kind = deleted ? BarKind.none : (RUNNER_BAR[phase ?? ''] ?? BarKind.none);
      const runner = this.#change(state, state.runner, kind, why?.reason, atUs, sinceUs);
      if (runner.kind !== state.runner.kind) {
        if (kind === BarKind.runnerFailed) this.#mark(state, BarKind.markFailure, sinceUs);
        if (kind === BarKind.runnerSucceeded) this.#mark(state, BarKind.markFinished, sinceUs);
      }
      state.runner = runner;
    }
    const pod = POD_STATES[objects.pod.get(row)];
    const podKind = deleted ? BarKind.none : pod === undefined ? state.pod.kind : POD_BAR[pod];
    const before = state.pod;
    this.#changePod(state, podKind, code, atUs, sinceUs);
    const trouble = why?.trouble;
    if (state.pod !== before && trouble !== undefined && !isCommonWait(trouble)) {
      const mark = podKind === BarKind.podFailed ? BarKind.markPodFailed : BarKind.markTrouble;
      this.#mark(state, mark, sinceUs, state.pod.word);
    }
    if (deleted) this.#mark(state, BarKind.markDeleted, sinceUs);
  }

  #changePod(state: LaneState, kind: BarKind, code: string | undefined, atUs: number, sinceUs: number): void {
    const pod = this.#change(state, state.pod, kind, code, atUs, sinceUs);
    if (pod.kind !== state.pod.kind && kind === BarKind.podRunning) this.#mark(state, BarKind.markPodRunning, sinceUs);
    state.pod = pod;
  }

  /** Ends a bar and begins the next where what it shows, or the word of why, is another. */
  #change(
    { lane }: LaneState,
    open: OpenBar,
    kind: BarKind,
    why: string | undefined,
    atUs: number,
    sinceUs: number,
  ): OpenBar {
    const word = kind === BarKind.none ? 0 : this.#names.word(why ?? '');
    if (kind === open.kind && word === open.word) return open;
    if (open.kind !== BarKind.none) this.#writer.add(lane, open.kind, open.sinceUs, atUs - open.sinceUs, open.word);
    if (kind !== BarKind.none) this.#writer.add(lane, kind, sinceUs, Infinity, word);
    return { kind, sinceUs, word };
  }

  #mark({ lane }: LaneState, kind: BarKind, atUs: number, word = 0): void {
    this.#writer.add(lane, kind, atUs, 0, word);
  }
}

import type { CriticalPath, PageMessage, PassDetail, RunnerDetail } from '../protocol.ts';
import { RUNNER_KIND } from '../timeline/chain-words.ts';
import type { Bar } from '../timeline/bar-store.ts';
import { isShownRunner } from './shown-runners.ts';
import { passesOfLane } from './steps.ts';
import type { PassPlace } from './pass-place.ts';
import type { View } from './view.ts';

/** The selection, a pass or a runner, and its details once the answer has come. */
export class Selection {
  detail: PassDetail | undefined;
  runnerDetail: RunnerDetail | undefined;
  readonly #view: View;
  readonly #post: (message: PageMessage) => void;

  constructor(view: View, post: (message: PageMessage) => void) {
    this.#view = view;
    this.#post = post;
  }

  /** Somebody selects a pass on the page: the tree hears of it. */
  pass(place: PassPlace): void {
    this.showPass(place);
    const session = this.#view.session(place.session);
    const runner = session?.names('runner')[place.lane];
    // The tree's runners are no sets.
    if (runner !== undefined && session?.kindOf(place.lane) === RUNNER_KIND)
      this.#post({ type: 'selected', session: place.session, runner });
  }

  /** Somebody selects a runner on the page: the tree hears of it. */
  runner(session: string, runner: string): void {
    this.showRunner(session, runner);
    this.#post({ type: 'selected', session, runner });
  }

  /** Selects something above runners and requests its details. */
  object(session: string, kind: string, name: string): void {
    this.#turnTo(undefined, { session, runner: name, kind });
    this.#post({ type: 'askRunner', session, runner: name, kind });
  }

  /** Selects a past state, whose details the page already has. */
  past(session: string, detail: RunnerDetail, { startUs, endUs }: Bar): void {
    const { runner, kind } = detail;
    this.#turnTo(undefined, { session, runner, ...(kind === undefined ? {} : { kind }), past: { startUs, endUs } });
    this.runnerDetail = detail;
    if (kind === undefined) this.#post({ type: 'selected', session, runner });
  }

  /** Selects a pass and requests its details. */
  showPass(place: PassPlace): void {
    this.#turnTo(place, undefined);
    this.#post({ type: 'askPass', session: place.session, pass: place.pass });
  }

  /** Selects a runner and requests its details. */
  showRunner(session: string, runner: string): void {
    this.#turnTo(undefined, { session, runner });
    this.#post({ type: 'askRunner', session, runner });
  }

  /**
   * Selects a runner's pass, the last one where none is named, or the runner where it has none; undefined where the runner is
   * not known.
   */
  showPassOf(id: string, runner: string, pass?: number): PassPlace | undefined {
    const session = this.#view.session(id);
    const lane = session?.laneOf(runner);
    if (session === undefined || lane === undefined) return undefined;
    const places = passesOfLane(session, lane);
    const last = places.reduce<PassPlace | undefined>(
      (latest, place) => (latest === undefined || place.pass > latest.pass ? place : latest),
      undefined,
    );
    const shown = places.find((place) => place.pass === pass) ?? last;
    if (shown === undefined) this.showRunner(id, runner);
    else this.showPass(shown);
    return shown;
  }

  /** Whether the tree's filter lets what is selected through; nothing selected is not hidden. */
  get isShown(): boolean {
    const { selected, selectedRunner } = this.#view;
    const session = this.#view.session((selected ?? selectedRunner)?.session ?? '');
    if (session === undefined) return true;
    const lane = selected?.lane ?? session.laneOf(selectedRunner?.runner ?? '', selectedRunner?.kind);
    return lane === undefined || isShownRunner(session, lane);
  }

  clear(): void {
    this.#turnTo(undefined, undefined);
  }

  /** Details of anything but the selection come too late. */
  passCame(session: string, detail: PassDetail): void {
    const { selected } = this.#view;
    if (selected?.session !== session || selected.pass !== detail.number) return;
    this.detail = detail;
    this.#view.links = detail.links;
    const { ended = detail.nowUs, started = ended } = detail.event;
    this.#view.selected = { ...selected, startUs: started, endUs: ended };
  }

  /** What held the runner that is selected, itself or by a pass. */
  pathCame(session: string, path: CriticalPath): void {
    const { selected, selectedRunner } = this.#view;
    const of = selected ?? selectedRunner;
    const lane = this.#view.session(session)?.laneOf(path.runner);
    const isSelected =
      of?.session === session &&
      (selected === undefined ? selectedRunner?.runner === path.runner : selected.lane === lane);
    if (isSelected) this.#view.path = { session, path, link: undefined };
  }

  runnerCame(session: string, detail: RunnerDetail): void {
    const { selectedRunner } = this.#view;
    const isSelected =
      selectedRunner?.session === session &&
      selectedRunner.runner === detail.runner &&
      selectedRunner.kind === detail.kind;
    if (!isSelected || selectedRunner.past !== undefined) return;
    this.runnerDetail = detail;
    this.#view.links = detail.links ?? [];
  }

  #turnTo(pass: PassPlace | undefined, runner: View['selectedRunner']): void {
    this.#view.selected = pass;
    this.#view.selectedRunner = runner;
    this.#view.path = undefined;
    this.#view.links = [];
    this.detail = undefined;
    this.runnerDetail = undefined;
    this.#view.changed();
  }
}

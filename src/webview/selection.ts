import type { PageMessage, PassDetail, RunnerDetail } from '../protocol.ts';
import type { DetailPanel } from './detail-panel.ts';
import { passesOfLane } from './steps.ts';
import type { PassPlace, View } from './view.ts';

/** What is selected, and what is told of it: a pass, or a runner. */
export class Selection {
  /** Of the selected pass, when it has come. */
  detail: PassDetail | undefined;
  /** The sessions whose summary is shown, and how far they had come. */
  #told = '';
  readonly #view: View;
  readonly #panel: DetailPanel;
  readonly #post: (message: PageMessage) => void;

  constructor(view: View, panel: DetailPanel, post: (message: PageMessage) => void) {
    this.#view = view;
    this.#panel = panel;
    this.#post = post;
  }

  pass(place: PassPlace): void {
    this.#view.selected = place;
    this.#view.selectedRunner = undefined;
    this.detail = undefined;
    this.#post({ type: 'select', session: place.session, pass: place.pass });
    this.#view.changed();
  }

  runner(session: string, runner: string): void {
    this.#view.selected = undefined;
    this.#view.selectedRunner = { session, runner };
    this.detail = undefined;
    this.#post({ type: 'runner', session, runner });
    this.#view.changed();
  }

  clear(): void {
    this.#view.selected = undefined;
    this.#view.selectedRunner = undefined;
    this.detail = undefined;
    this.#panel.showNothing(this.#view.sessions);
    this.#view.changed();
  }

  /** Sessions have come or ended. */
  sessionsChanged(): void {
    const { selected, selectedRunner, sessions } = this.#view;
    if (selected !== undefined || selectedRunner !== undefined) return;
    const told = sessions.map(({ info, runners }) => `${info.id} ${info.live} ${runners.length}`).join();
    if (told === this.#told) return;
    this.#told = told;
    this.#panel.showNothing(sessions);
  }

  passCame(session: string, detail: PassDetail): void {
    const { selected } = this.#view;
    if (selected?.session !== session || selected.pass !== detail.number) return;
    this.detail = detail;
    const { started, ended = detail.nowUs } = detail.event;
    this.#view.selected = { ...selected, startUs: started, endUs: ended };
    this.#panel.showPass(session, detail);
  }

  runnerCame(id: string, detail: RunnerDetail): void {
    const { selectedRunner } = this.#view;
    const session = this.#view.session(id);
    if (session === undefined || selectedRunner?.session !== id || selectedRunner.runner !== detail.runner) return;
    this.#panel.showRunner(session, detail);
  }

  /** Selects a runner's last pass, or the runner where it has none. */
  lastOf(id: string, runner: string): PassPlace | undefined {
    const session = this.#view.session(id);
    const lane = session?.laneOf(runner);
    if (session === undefined || lane === undefined) return undefined;
    const last = passesOfLane(session, lane).reduce<PassPlace | undefined>(
      (latest, place) => (latest === undefined || place.pass > latest.pass ? place : latest),
      undefined,
    );
    if (last === undefined) this.runner(id, runner);
    else this.pass(last);
    return last;
  }
}

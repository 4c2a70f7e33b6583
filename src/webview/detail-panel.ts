import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { PageMessage, RunnerDetail } from '../protocol.ts';
import { byId, element, write } from './dom.ts';
import { passParts } from './pass-panel.ts';
import { runnerParts } from './runner-panel.ts';
import type { Selection } from './selection.ts';
import { summaryParts } from './summary.ts';
import type { View } from './view.ts';

/** The panel beside the chart: details of the selected pass or runner. */
export class DetailPanel {
  readonly #view: View;
  readonly #selection: Selection;
  readonly #post: (message: PageMessage) => void;
  /** What is shown now. */
  #shown: unknown;

  constructor(view: View, selection: Selection, post: (message: PageMessage) => void) {
    this.#view = view;
    this.#selection = selection;
    this.#post = post;
  }

  draw(): void {
    const { selected, selectedRunner } = this.#view;
    const { detail, runnerDetail } = this.#selection;
    const told = detail ?? runnerDetail;
    // The details of the one before stay until the answer is there.
    if (told !== undefined && told !== this.#shown) this.#show(told, this.#parts());
    const isSelected = selected !== undefined || selectedRunner !== undefined;
    if (!isSelected && typeof this.#shown !== 'string') this.drawSummary();
    if (runnerDetail !== undefined) this.#writeSince(runnerDetail);
  }

  /** With nothing selected: what came of sessions that have ended, or how to select. To count them takes a moment. */
  drawSummary(): void {
    const { selected, selectedRunner, sessions } = this.#view;
    if (selected !== undefined || selectedRunner !== undefined) return;
    const of = sessions
      .map(({ info, runners, passes }) => `${info.id} ${info.live} ${runners.length} ${passes > 0}`)
      .join();
    if (of === this.#shown) return;
    if (sessions.length > 0 && sessions.every(({ info }) => !info.live)) this.#show(of, summaryParts(sessions));
    else if (sessions.length === 0) this.#show(of, []);
    else {
      const hint = sessions.some(({ passes }) => passes > 0)
        ? t('Click a bar, or press n to go from pass to pass.')
        : t('No pass has begun yet.');
      this.#show(of, [element('h2', {}, t('No pass selected')), element('p', { class: 'faint' }, hint)]);
    }
  }

  #parts(): Node[] {
    const { detail, runnerDetail } = this.#selection;
    const { selected } = this.#view;
    if (detail !== undefined && selected !== undefined) {
      const { session } = selected;
      return passParts(
        detail,
        () => this.#post({ type: 'manifest', session, pass: detail.number }),
        ({ source, line }) => this.#post({ type: 'openLine', session, source, line }),
      );
    }
    return runnerDetail === undefined ? [] : runnerParts(runnerDetail, this.#lastsUs(runnerDetail));
  }

  #show(of: unknown, parts: readonly Node[]): void {
    this.#shown = of;
    byId('pass').replaceChildren(...parts);
  }

  /** Its state lasts longer as time goes on. */
  #writeSince(detail: RunnerDetail): void {
    const lastsUs = this.#lastsUs(detail);
    if (lastsUs !== undefined && document.getElementById('since') !== null) write('since', formatDuration(lastsUs));
  }

  /** In whole seconds once there are some: digits that fly by say nothing. */
  #lastsUs({ sinceUs }: RunnerDetail): number | undefined {
    const session = this.#view.session(this.#view.selectedRunner?.session ?? '');
    if (sinceUs === undefined || session === undefined) return undefined;
    const lastsUs = Math.max(0, Math.round(session.nowUs(performance.now()) - sinceUs));
    return lastsUs < 1e6 ? lastsUs : Math.floor(lastsUs / 1e6) * 1e6;
  }
}

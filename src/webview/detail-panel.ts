import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { PassDetail, RunnerDetail } from '../protocol.ts';
import { byId, element } from './dom.ts';
import { host } from './host.ts';
import { passParts } from './pass-panel.ts';
import { runnerParts } from './runner-panel.ts';
import { summaryParts } from './summary.ts';
import type { SessionModel } from './session-model.ts';

/** The panel beside the chart: what is told of the selected pass or runner. */
export class DetailPanel {
  /** A runner that is shown, whose state lasts longer as time goes on. */
  #runner: { readonly session: SessionModel; readonly detail: RunnerDetail } | undefined;

  /** With nothing selected: what came of sessions that have ended, or how to select. */
  showNothing(sessions: readonly SessionModel[]): void {
    if (sessions.length > 0 && sessions.every(({ info }) => !info.live)) {
      this.#show(...summaryParts(sessions));
      return;
    }
    const hint = t('Click a bar, or press n to go from pass to pass.');
    this.#show(element('h2', {}, t('No pass selected')), element('p', { class: 'faint' }, hint));
  }

  showPass(session: string, detail: PassDetail): void {
    const pass = detail.number;
    this.#show(...passParts(detail, () => host.postMessage({ type: 'manifest', session, pass })));
  }

  showRunner(session: SessionModel, detail: RunnerDetail): void {
    this.#show(...runnerParts(detail, this.#lastsUs(session, detail)));
    this.#runner = { session, detail };
  }

  /** Time has gone on. What has not changed is not written: the browser would lay the page out again. */
  tick(): void {
    if (this.#runner === undefined) return;
    const { session, detail } = this.#runner;
    const lastsUs = this.#lastsUs(session, detail);
    const since = document.getElementById('since');
    if (since === null || lastsUs === undefined) return;
    const text = formatDuration(lastsUs);
    if (since.textContent !== text) since.textContent = text;
  }

  #show(...parts: Node[]): void {
    this.#runner = undefined;
    byId('pass').replaceChildren(...parts);
  }

  /** In whole seconds once there are some: digits that fly by say nothing. */
  #lastsUs(session: SessionModel, { sinceUs }: RunnerDetail): number | undefined {
    if (sinceUs === undefined) return undefined;
    const lastsUs = Math.max(0, Math.round(session.nowUs(performance.now()) - sinceUs));
    return lastsUs < 1e6 ? lastsUs : Math.floor(lastsUs / 1e6) * 1e6;
  }
}

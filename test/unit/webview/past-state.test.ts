import assert from 'node:assert/strict';
import type { PageMessage } from '../../../src/protocol.ts';
import type { Bar } from '../../../src/timeline/bar-store.ts';
import { BarKind, isPassKind } from '../../../src/timeline/bars.ts';
import { barWords } from '../../../src/webview/bar-words.ts';
import { PageModel } from '../../../src/webview/page-model.ts';
import { VirtualSession } from '../../builders/virtual-session.ts';

const RUNNER = 'arc-runners/runner-1';

/** A page with a runner whose pods were killed until it failed, and all bars of its lane. */
function killed(): { model: PageModel; said: PageMessage[]; bars: Bar[]; select: (bar: Bar) => void } {
  const said: PageMessage[] = [];
  const model = new PageModel((message) => said.push(message));
  const session = new VirtualSession({ mode: 'new', runners: 1, pods: 'oom-killed' });
  for (const message of [...session.until(120e6), ...session.end()]) model.receive(message, 0);
  model.receive({ type: 'loaded' }, 0);
  const shown = model.view.sessions[0];
  assert.ok(shown !== undefined);
  const bars: Bar[] = [];
  shown.runners.forEach(0, -Infinity, Infinity, (bar) => bars.push(bar));
  return { model, said, bars: bars.sort((a, b) => a.startUs - b.startUs), select: (bar) => model.select(shown, bar) };
}

describe('what was and is over', () => {
  it('a sign of a failed pod says that the pod failed, with reason and exit code, and the runner’s that it failed for good', () => {
    const { model, bars } = killed();
    const session = model.view.sessions[0];
    assert.ok(session !== undefined);
    const wordsOf = (wanted: BarKind): string[] =>
      bars.filter(({ kind }) => kind === wanted).map((bar) => barWords(session, bar));
    const pods = wordsOf(BarKind.markPodFailed);
    assert.ok(pods.length > 3);
    assert.deepEqual([...new Set(pods)], ['pod failed: OOMKilled, exit 137']);
    assert.deepEqual(wordsOf(BarKind.markFailure), ['runner failed for good']);
  });

  for (const what of ['bar', 'sign'] as const) {
    it(`a failed pod's ${what} describes this pod and when the next one was made, not the runner's end`, () => {
      const { model, said, bars, select } = killed();
      const [failed] = bars.filter(({ kind }) => kind === (what === 'bar' ? BarKind.podFailed : BarKind.markPodFailed));
      assert.ok(failed !== undefined);
      select(failed);
      const { runnerDetail } = model.selection;
      assert.equal(runnerDetail?.runner, RUNNER);
      assert.equal(runnerDetail.state, 'pod failed');
      assert.match(
        runnerDetail.happened,
        /^Pod failed: OOMKilled, exit 137\. The next pod was made [\d.]+ m?s later\.$/,
      );
      assert.deepEqual(
        said.map(({ type }) => type).filter((type) => type !== 'painted'),
        ['selected'],
        'the host is asked what the runner is now',
      );
      const ofRunner = { runner: RUNNER, state: 'failed', happened: 'x', sinceUs: 0, advice: '', facts: [] };
      model.receive({ type: 'runner', session: 'new', detail: ofRunner }, 0);
      assert.equal(model.selection.runnerDetail, runnerDetail, 'news of the runner took its place');
    });
  }

  it('the last of the failed pods is described too, and the runner itself by the bar of its own state', () => {
    const { model, said, bars, select } = killed();
    const last = bars.findLast(({ kind }) => kind === BarKind.podFailed);
    const runner = bars.findLast(({ kind }) => kind === BarKind.runnerFailed);
    assert.ok(last !== undefined && runner !== undefined);
    select(last);
    assert.match(
      model.selection.runnerDetail?.happened ?? '',
      /^Pod failed: OOMKilled, exit 137\. No pod was made after it\.$/,
    );
    select(runner);
    assert.equal(said.at(-2)?.type, 'askRunner');
    assert.equal(model.selection.runnerDetail, undefined);
  });

  it('a sign of a pass selects the pass', () => {
    const { model, bars, select } = killed();
    const [pass] = bars.filter(({ kind }) => isPassKind(kind));
    assert.ok(pass !== undefined);
    select({ ...pass, kind: BarKind.markTrouble, startUs: pass.endUs });
    assert.equal(model.view.selected?.startUs, pass.startUs);
  });
});

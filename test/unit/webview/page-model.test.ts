import assert from 'node:assert/strict';
import type { PageMessage } from '../../../src/protocol.ts';
import { BarKind } from '../../../src/timeline/bars.ts';
import { menuContext } from '../../../src/webview/debug-cursor.ts';
import { PageModel } from '../../../src/webview/page-model.ts';
import { passesOfLane } from '../../../src/webview/steps.ts';
import { zoomToSelection } from '../../../src/webview/zoom-to-selection.ts';
import type { VirtualSession } from '../../builders/virtual-session.ts';
import { both } from './shown.ts';

/** A page as VS Code has filled it, and what it says from then on. */
function loaded(sessions: readonly VirtualSession[] = both(3)): {
  model: PageModel;
  said: PageMessage[];
  ofType: (type: PageMessage['type']) => PageMessage[];
} {
  const said: PageMessage[] = [];
  const model = new PageModel((message) => said.push(message));
  model.receive({ type: 'reset', title: 'Timeline' }, 0);
  for (const session of sessions) for (const message of session.until(2e6)) model.receive(message, 0);
  model.receive({ type: 'loaded' }, 0);
  model.view.resize(1000, 500, 1);
  model.view.fit();
  return { model, said, ofType: (type) => said.filter((message) => message.type === type) };
}

describe('the page without a document', () => {
  it('asks for the details of a runner that the tree shows, and says nothing that would move the tree again', () => {
    const { model, said } = loaded();
    model.receive({ type: 'showRunner', session: 'new', runner: 'arc-runners/runner-2' }, 0);
    assert.deepEqual(
      said.map(({ type }) => type),
      ['askPass'],
    );
    assert.equal(model.view.selected?.session, 'new');
    assert.equal(model.view.session('new')?.names('runner')[model.view.selected.lane], 'arc-runners/runner-2');
  });

  it('selects the pass that a finding leads to, and the last one where there is none of that number', () => {
    const { model } = loaded();
    const session = model.view.session('old');
    const runner = 'arc-runners/runner-3';
    assert.ok(session !== undefined);
    const passes = passesOfLane(session, session.laneOf(runner) ?? -1).map(({ pass }) => pass);
    assert.ok(passes.length > 1, 'the example has several passes');
    for (const pass of passes) {
      model.receive({ type: 'showRunner', session: 'old', runner, pass }, 0);
      assert.equal(model.view.selected?.pass, pass);
    }
    model.receive({ type: 'showRunner', session: 'old', runner, pass: 1e6 }, 0);
    assert.equal(model.view.selected?.pass, Math.max(...passes));
  });

  it('brings the moment into view at which a debugger stands, and asks to go where a bar is clicked while it does', () => {
    const { model, ofType } = loaded();
    const { view } = model;
    const session = view.session('new');
    const object = 'arc-runners/runner-2';
    assert.ok(session !== undefined);
    const [first, last] = [passesOfLane(session, session.laneOf(object) ?? -1)].flatMap((all) => [all[0], all.at(-1)]);
    assert.ok(first !== undefined && last !== undefined && last.startUs > first.startUs);
    const click = (): void => model.select(session, { ...first, kind: BarKind.pass, detail: 0 });
    click();
    assert.deepEqual(ofType('goTo'), [], 'nothing is debugged');
    view.moveTo({ fromUs: 0, pixelsPerUs: 1 });
    const cursor = { object, kind: 'EphemeralRunner', atUs: last.startUs, text: 'create pods', hits: [] };
    model.receive({ type: 'cursor', session: 'new', cursor }, 0);
    const px = (last.startUs - session.info.originUs - view.viewport.fromUs) * view.viewport.pixelsPerUs;
    assert.ok(px >= 0 && px <= view.widthPx, `the debugger stands ${px} px from the left edge, out of view`);
    click();
    const to = { object, kind: 'EphemeralRunner', atUs: first.startUs };
    assert.deepEqual(ofType('goTo'), [{ type: 'goTo', session: 'new', to }]);
    model.receive({ type: 'cursor', session: 'new', cursor: null }, 0);
    click();
    assert.equal(ofType('goTo').length, 1, 'the debugger has gone');
  });

  it('offers the menu of a bar what the bar is of and when it begins, and elsewhere nothing', () => {
    const { view } = loaded().model;
    const session = view.session('old');
    assert.ok(session !== undefined);
    const lane = session.laneOf('arc-runners/runner-3') ?? -1;
    const [pass] = passesOfLane(session, lane);
    assert.ok(pass !== undefined);
    const bar = { ...pass, kind: BarKind.pass, detail: 0 };
    const offered = JSON.parse(menuContext(view, { session, lane, atUs: 0, bar })) as Record<string, unknown>;
    assert.deepEqual(offered, {
      webviewSection: 'bar',
      session: 'old',
      to: { object: 'arc-runners/runner-3', kind: 'EphemeralRunner', atUs: pass.startUs },
      preventDefaultContextMenuItems: true,
    });
    const beside = JSON.parse(menuContext(view, { session, lane, atUs: 0, bar: undefined })) as object;
    assert.deepEqual(beside, { preventDefaultContextMenuItems: true });
  });

  it('tells the tree what somebody selects on the page: a pass, a step, a pod', () => {
    const { model, ofType } = loaded();
    const session = model.view.session('old');
    assert.ok(session !== undefined);
    const lane = session.laneOf('arc-runners/runner-3') ?? -1;
    const [pass] = passesOfLane(session, lane);
    assert.ok(pass !== undefined);
    model.select(session, { ...pass, kind: BarKind.pass, detail: 0 });
    const runner = 'arc-runners/runner-3';
    assert.deepEqual(ofType('selected'), [{ type: 'selected', session: 'old', runner }]);
    model.step(1);
    assert.deepEqual(ofType('selected').at(-1), { type: 'selected', session: 'old', runner });
    model.select(session, { lane, kind: BarKind.podPending, startUs: 0, endUs: Infinity, pass: -1, detail: 0 });
    assert.equal(ofType('selected').length, 3);
    assert.deepEqual(ofType('askRunner'), [{ type: 'askRunner', session: 'old', runner }]);
  });

  it('selects again what was selected before it was hidden, which moves no tree either', () => {
    const { model } = loaded();
    model.step(1);
    const said: PageMessage[] = [];
    const again = new PageModel((message) => said.push(message), model.view.state());
    for (const session of both(3)) for (const message of session.until(2e6)) again.receive(message, 0);
    again.receive({ type: 'loaded' }, 0);
    assert.deepEqual(again.view.selected, model.view.selected);
    assert.deepEqual(
      said.map(({ type }) => type),
      ['askPass'],
    );
  });

  it('fits all of the time when somebody asked for it before all of it had arrived', () => {
    const { model } = loaded();
    const whole = model.view.viewport;
    const again = new PageModel(() => undefined, model.view.state());
    again.view.resize(1000, 500, 1);
    again.command('fit');
    for (const session of both(3)) for (const message of session.until(2e6)) again.receive(message, 0);
    again.receive({ type: 'loaded' }, 0);
    assert.ok(
      Math.abs(again.view.viewport.pixelsPerUs / whole.pixelsPerUs - 1) < 0.05,
      'a part of the time is in view',
    );
  });

  it('keeps which sessions it showed where they cannot be shown this time: they may be there after the next reload', () => {
    const { model } = loaded();
    const again = new PageModel(() => undefined, model.view.state());
    again.receive({ type: 'reset', title: 'Timeline' }, 0);
    again.receive({ type: 'loaded' }, 0);
    assert.deepEqual(again.view.state().sessions, ['old', 'new']);
  });

  it('shows the same stretch of time again on a page that has become narrower while it was hidden', () => {
    const { model } = loaded();
    model.view.fit();
    const stretch = ({ view }: PageModel): number => view.widthPx / view.viewport.pixelsPerUs;
    const again = new PageModel(() => undefined, model.view.state());
    for (const session of both(3)) for (const message of session.until(2e6)) again.receive(message, 0);
    again.receive({ type: 'loaded' }, 0);
    again.view.resize(600, 400, 1);
    assert.ok(Math.abs(stretch(again) / stretch(model) - 1) < 1e-9, 'part of the time is out of view');
  });

  it('keeps a session that lives in view as a whole after Fit, until somebody moves about', () => {
    const sessions = both(3);
    const { model } = loaded(sessions);
    const { view } = model;
    const seenUs = (): number => view.viewport.fromUs + view.widthPx / view.viewport.pixelsPerUs;
    const goOn = (us: number): void => {
      for (const session of sessions)
        for (const message of session.until(us)) model.receive(message, performance.now());
      view.follow();
    };
    model.command('fit');
    for (const us of [60e6, 240e6, 1_000e6]) {
      goOn(us);
      assert.ok(seenUs() > us && view.viewport.fromUs <= 0, `at ${us} the view ends at ${seenUs()}`);
    }
    const [zoomed] = [{ fromUs: 1e6, pixelsPerUs: 0.0005 }].map((viewport) => (view.moveTo(viewport), view.viewport));
    goOn(2_000e6);
    assert.deepEqual(view.viewport, zoomed);
  });

  it('takes the details of the selected pass and of no other', () => {
    const sessions = both(3);
    const { model } = loaded(sessions);
    model.step(1);
    const { pass = -1 } = model.view.selected ?? {};
    const [other, told] = [pass + 1, pass].map((number) => sessions[0]?.detail(number));
    assert.ok(other !== undefined && told !== undefined);
    model.receive({ type: 'detail', session: 'old', detail: other }, 0);
    assert.equal(model.selection.detail, undefined);
    model.receive({ type: 'detail', session: 'old', detail: told }, 0);
    assert.equal(model.selection.detail, told);
    model.clear();
    assert.equal(model.selection.detail, undefined);
  });

  it('goes to no time before the run when it steps after a zoom, nor when it zooms to the first pass', () => {
    const { model } = loaded();
    const { view } = model;
    const freeUs = (): number => Math.max(0, -view.viewport.fromUs) / (view.widthPx / view.viewport.pixelsPerUs);
    view.fit();
    const fittedFree = freeUs();
    view.moveTo({ fromUs: 1.5e6, pixelsPerUs: view.viewport.pixelsPerUs * 3 });
    model.step(1, true);
    assert.equal(view.selected?.pass, 0, 'the step leads to the first pass');
    assert.ok(freeUs() <= fittedFree + 1e-9, `${freeUs()} of the width lies before the run`);
    zoomToSelection(view);
    assert.ok(freeUs() <= fittedFree + 1e-9, `${freeUs()} of the width lies before the run after zooming`);
  });

  for (const what of ['a pass', 'a runner'] as const) {
    it(`closes the panel of ${what} that the filter hides, and of no other`, () => {
      const { model } = loaded();
      const [runner, other] = ['arc-runners/runner-2', 'arc-runners/runner-3'];
      if (what === 'a pass') model.receive({ type: 'showRunner', session: 'old', runner }, 0);
      else model.selection.runner('old', runner);
      const isSelected = (): boolean => (model.view.selected ?? model.view.selectedRunner) !== undefined;
      model.receive({ type: 'filter', session: 'new', filter: { text: '', runners: [other] } }, 0);
      model.receive({ type: 'filter', session: 'old', filter: { text: 'runner-2', runners: undefined } }, 0);
      assert.ok(isSelected(), 'its runner is still shown');
      model.receive({ type: 'filter', session: 'old', filter: { text: '', runners: [other] } }, 0);
      assert.ok(!isSelected(), 'its runner is hidden');
    });
  }

  it('clears the selection first, then the search', () => {
    const { model } = loaded();
    model.view.setQuery('runner-2');
    model.step(1);
    model.clear();
    assert.deepEqual([model.view.selected, model.view.queryText], [undefined, 'runner-2']);
    model.clear();
    assert.equal(model.view.queryText, '');
  });

  it('says once that all bars are drawn, and again when others have come', () => {
    const sessions = both(3);
    const { model, ofType } = loaded(sessions);
    model.drawn(1);
    model.drawn(2);
    assert.equal(ofType('painted').length, 1);
    for (const message of sessions[0]?.until(4e6) ?? []) model.receive(message, 3);
    model.drawn(4);
    assert.equal(ofType('painted').length, 2);
  });

  it('keeps words, sentences and failures for the page to draw', () => {
    const { model } = loaded();
    model.receive({ type: 'headline', text: 'A sentence.' }, 0);
    model.receive({ type: 'failed', text: 'It cannot be shown.' }, 0);
    assert.deepEqual([model.title, model.headline, model.failure], ['Timeline', 'A sentence.', 'It cannot be shown.']);
    model.receive({ type: 'reset', title: 'Other' }, 0);
    assert.deepEqual([model.title, model.failure], ['Other', '']);
  });
});

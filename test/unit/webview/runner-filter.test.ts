import assert from 'node:assert/strict';
import { PageModel } from '../../../src/webview/page-model.ts';
import { shownRunners } from '../../../src/webview/shown-runners.ts';
import { stepFrom } from '../../../src/webview/steps.ts';
import { svgDocument } from '../../../src/webview/svg-document.ts';
import type { View } from '../../../src/webview/view.ts';
import { both, shown, THEME } from './shown.ts';

const BY_NAME = { text: 'runner-1', runners: undefined };

/** Old and new with 12 runners each; their timelines are filtered together, as the tree is. */
function filtered(): View {
  const view = shown(both(12), 4e6);
  for (const { info } of view.sessions) view.setFilter(info.id, BY_NAME);
  return view;
}

function namesOf(view: View): string[][] {
  return view.rows.groups.map(({ lanes }, number) =>
    [...(lanes as Uint32Array)].map((lane) => view.sessions[number]?.names('runner')[lane]?.split('/')[1] ?? ''),
  );
}

function textsOf(view: View): string[] {
  const svg = svgDocument(view, THEME, undefined, [], (text) => text.length * 5);
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
}

const WANTED = ['runner-1', 'runner-10', 'runner-11', 'runner-12'];

describe('runners that the tree has been filtered for', () => {
  it('are the only lanes, in order, and their number stands on the head of their session', () => {
    const view = filtered();
    assert.deepEqual(namesOf(view), [WANTED, WANTED]);
    assert.equal(textsOf(view).filter((text) => text.includes('4 of 12 runners')).length, 2);
    for (const { info } of view.sessions) view.setFilter(info.id, undefined);
    assert.equal(namesOf(view)[1]?.length, 12);
    assert.equal(textsOf(view).filter((text) => / of 12/.test(text)).length, 0);
  });

  it('are those that VS Code names, where more than a name decides; one whose lane is not there yet has it when it comes', () => {
    const [session] = both(12);
    assert.ok(session !== undefined);
    const model = new PageModel(() => undefined);
    const runners = ['arc-runners/runner-7', 'arc-runners/runner-3'];
    const [info, ...rest] = session.until(4e6);
    for (const message of [info, { type: 'filter' as const, session: 'old', filter: { text: '', runners } }, ...rest]) {
      if (message !== undefined) model.receive(message, 0);
    }
    assert.deepEqual(namesOf(model.view), [['runner-3', 'runner-7']]);
    model.receive({ type: 'filter', session: 'old', filter: null }, 0);
    assert.equal(namesOf(model.view)[0]?.length, 12);
  });

  it('are the only ones that a search and steps lead to', () => {
    const view = filtered();
    view.setQuery('result:done');
    const runnerOf = (session: string, lane: number): string =>
      view.session(session)?.names('runner')[lane]?.split('/')[1] ?? '';
    const found = new Set(view.matches.map(({ session, lane }) => runnerOf(session, lane)));
    assert.deepEqual([...found].sort(), WANTED);
    const before = view.matches.length;
    for (const { info } of view.sessions) view.setFilter(info.id, undefined);
    assert.ok(view.matches.length > before, 'the search goes on without the runners that are shown again');
    for (const { info } of view.sessions) view.setFilter(info.id, { text: 'runner-9', runners: undefined });
    view.setQuery('');
    const first = stepFrom(view, 1, true);
    assert.equal(runnerOf(first?.session ?? '', first?.lane ?? -1), 'runner-9');
  });

  it('stand out from the others in lanes of workers and requests, which stay', () => {
    const frames = (view: View): number => {
      const svg = svgDocument(view, THEME, undefined, [], (text) => text.length * 5);
      return [...svg.matchAll(new RegExp(`stroke="${THEME.focus}"`, 'g'))].length;
    };
    for (const by of ['worker', 'api'] as const) {
      const view = filtered();
      view.setLanes(by);
      const lanes = namesOf(view).map(({ length }) => length);
      const some = frames(view);
      for (const { info } of view.sessions) view.setFilter(info.id, undefined);
      assert.deepEqual(
        namesOf(view).map(({ length }) => length),
        lanes,
      );
      assert.ok(some > frames(view), `by ${by} nothing tells the passes of the runners shown`);
    }
  });

  it('have the same list of lanes for as long as nothing changes: what is drawn in advance stays of use', () => {
    const view = filtered();
    const [old] = view.sessions;
    assert.ok(old !== undefined);
    const lanes = shownRunners(old);
    view.relayOut();
    assert.equal(view.rows.groups[0]?.lanes, lanes);
    view.setFilter('old', { text: 'runner-2', runners: undefined });
    assert.notEqual(shownRunners(old), lanes);
  });
});

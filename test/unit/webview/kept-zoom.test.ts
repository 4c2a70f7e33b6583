import assert from 'node:assert/strict';
import { PageModel } from '../../../src/webview/page-model.ts';
import { KeptZoom } from '../../../src/webview/what-if/kept-zoom.ts';
import { both } from './shown.ts';

/** A compared timeline of runs with as many runners, half a second for each, drawn again each time. */
function compared(): { model: PageModel; zoom: KeptZoom; redraw: (runners: number) => void } {
  const model = new PageModel(() => undefined);
  const zoom = new KeptZoom(model.view);
  const redraw = (runners: number): void => {
    model.receive({ type: 'reset', title: '' }, 0);
    for (const session of both(runners)) {
      for (const message of [...session.until(runners * 0.5e6), ...session.end()]) model.receive(message, 0);
    }
    zoom.over(() => model.receive({ type: 'loaded' }, 0));
  };
  model.view.resize(1000, 300, 1);
  redraw(30);
  return { model, zoom, redraw };
}

describe('the zoom of the compared timeline', () => {
  it('shows all of each run until somebody zooms', () => {
    const { model, zoom, redraw } = compared();
    const { pixelsPerUs } = model.view.viewport;
    redraw(90);
    assert.ok(model.view.viewport.pixelsPerUs < pixelsPerUs, 'a longer run');
    assert.ok(zoom.isWhole);
  });

  it('stays where somebody zoomed and scrolled to when another run is drawn, and shows all again when asked to', () => {
    const { model, zoom, redraw } = compared();
    const { view } = model;
    view.moveTo({ fromUs: 1e6, pixelsPerUs: 0.001 });
    view.setScale({ lanePx: 20, lanesAPixel: 1 });
    view.scrollTo(120);
    const { viewport, scrollPx, scale } = view;
    for (const runners of [30, 60]) {
      redraw(runners);
      assert.deepEqual([view.viewport, view.scrollPx, view.scale], [viewport, scrollPx, scale], `${runners} runners`);
      assert.ok(!zoom.isWhole);
    }
    zoom.fit();
    redraw(30);
    assert.ok(zoom.isWhole);
    assert.notDeepEqual(view.viewport, viewport);
  });

  it('knows that all is in view when that was asked for by a key', () => {
    const { model, zoom, redraw } = compared();
    model.view.moveTo({ fromUs: 1e6, pixelsPerUs: 0.001 });
    model.view.fit();
    assert.ok(zoom.isWhole);
    redraw(60);
    assert.ok(zoom.isWhole);
  });

  it('does not take back a zoom that reaches beyond a shorter run', () => {
    const { model, redraw } = compared();
    const { view } = model;
    const [, lastUs] = view.extentUs();
    view.moveTo({ fromUs: lastUs * 0.8, pixelsPerUs: 0.001 });
    redraw(3);
    assert.equal(view.viewport.pixelsPerUs, 0.001);
    assert.ok(view.viewport.fromUs <= view.extentUs()[1], 'something is in view');
  });
});

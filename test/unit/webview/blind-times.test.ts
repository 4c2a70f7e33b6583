import assert from 'node:assert/strict';
import type { BlindTime } from '../../../src/timeline/blind-times.ts';
import { STATES } from '../../../src/timeline/lane-shape.ts';
import { pixelAt } from '../../../src/timeline/viewport.ts';
import { pointAt } from '../../../src/webview/controls.ts';
import { describe as described } from '../../../src/webview/describe.ts';
import { svgDocument } from '../../../src/webview/svg-document.ts';
import type { View } from '../../../src/webview/view.ts';
import { VirtualSession } from '../../builders/virtual-session.ts';
import { shown, THEME } from './shown.ts';

const S = 1_000_000;
const GAP: BlindTime = { fromUs: 2 * S, toUs: 3 * S };

function view(blind: readonly BlindTime[], runners = 3, originUs = 0): View {
  const made = new VirtualSession({ mode: 'new', runners }, { id: 'new' });
  const page = shown([made], 4 * S);
  const [session] = page.sessions;
  session?.update({ ...session.info, originUs, blind }, 0);
  page.fit();
  return page;
}

function svgOf(page: View): string {
  return svgDocument(page, THEME, undefined, [], (text) => text.length * 5);
}

/** Filled rectangles of the background's colour: where they begin and how large they are. */
function covers(svg: string): { x: number; y: number; width: number; height: number; opacity: string }[] {
  const pattern = new RegExp(
    `<path d="M([\\d.-]+) ([\\d.-]+)h([\\d.-]+)v([\\d.-]+)h[\\d.-]+z" fill="${THEME.background}"( fill-opacity="[\\d.]+")?/>`,
    'g',
  );
  return [...svg.matchAll(pattern)].map(([, x, y, width, height, opacity = '']) => {
    return { x: Number(x), y: Number(y), width: Number(width), height: Number(height), opacity };
  });
}

/** The lines of a hatching: their path. */
const hatchings = (svg: string): string[] => {
  const lines = new RegExp(
    `d="((?:M[\\d.-]+ [\\d.-]+L[\\d.-]+ [\\d.-]+){2,})" fill="none" stroke="${THEME.faint}"`,
    'g',
  );
  return [...svg.matchAll(lines)].map(([, path = '']) => path);
};

describe('a time without a connection', () => {
  it('covers what runners and pods were in it, in every lane, and is hatched', () => {
    const page = view([GAP]);
    const svg = svgOf(page);
    const left = page.canvasWidthPx - page.widthPx;
    const [from, to] = [GAP.fromUs, GAP.toUs ?? 0].map((us) => Math.round(left + pixelAt(page.viewport, us)));
    const { lanePx } = page.rows.scale;
    const states = covers(svg).filter(({ x, width }) => x === from && x + width === to);
    assert.equal(states.length, 3, 'a lane shows states in a time in which nobody saw them');
    for (const { height } of states) assert.ok(height >= (STATES.bottom - STATES.top) * lanePx - 1, `${height} px`);
    assert.equal(hatchings(svg).length, 1);
    assert.ok(svg.includes('>no connection from 2 s to 3 s<'), 'nothing says what the hatching is');
    assert.equal(hatchings(svgOf(view([]))).length, 0);
  });

  it('that lasts reaches to now, and counts as the axis does', () => {
    const svg = svgOf(view([{ fromUs: 2 * S, toUs: null }], 3, 1 * S));
    assert.ok(svg.includes('>no connection from 1 s on<'));
    const end = Math.max(...covers(svg).map(({ x, width }) => x + width));
    assert.ok(end > 900, `it ends at ${end}, where now is at the right`);
  });

  it('covers stripes too, but not so that what the controller did is lost', () => {
    const veils = covers(svgOf(view([GAP], 300))).filter(({ opacity }) => opacity !== '');
    assert.equal(veils.length, 1);
  });

  it('leaves lanes of workers readable: what they show the controller did itself', () => {
    const page = view([GAP]);
    page.setLanes('worker');
    const left = page.canvasWidthPx - page.widthPx;
    const from = Math.round(left + pixelAt(page.viewport, GAP.fromUs));
    const svg = svgOf(page);
    assert.equal(hatchings(svg).length, 1);
    assert.deepEqual(
      covers(svg).filter(({ x }) => x === from),
      [],
    );
  });

  it('that is out of view is not drawn, and of several that lie close no two labels meet', () => {
    assert.equal(hatchings(svgOf(view([{ fromUs: 100 * S, toUs: 200 * S }]))).length, 0);
    const many = Array.from({ length: 30 }, (_, at) => ({ fromUs: at * 1e5, toUs: at * 1e5 + 5e4 }));
    const svg = svgOf(view(many));
    assert.equal(hatchings(svg).length > 5, true);
    const labels = [...svg.matchAll(/<text x="([\d.]+)"[^>]*>(no connection [^<]*)</g)];
    assert.ok(labels.length > 1);
    labels.reduce((end, [, x, text = '']) => {
      assert.ok(Number(x) >= end, `${text} begins at ${x}, before ${end}`);
      return Number(x) + text.length * 5;
    }, 0);
  });

  it('is in the description for those who do not see the chart, and known where somebody points', () => {
    const page = view([GAP]);
    assert.match(described(page), /no connection from 2 s to 3 s/);
    const at = pointAt(page, pixelAt(page.viewport, 2.5 * S), page.rows.headerPx + 2);
    assert.ok(Math.abs((at?.atUs ?? 0) - 2.5 * S) < 1e4);
  });
});

import assert from 'node:assert/strict';
import { BarStore } from '../../../src/timeline/bar-store.ts';
import { BarKind, KINDS } from '../../../src/timeline/bars.ts';
import { BarWriter } from '../../../src/timeline/bar-writer.ts';
import { Painter } from '../../../src/timeline/painter.ts';
import { Rows } from '../../../src/timeline/rows.ts';

const EMPTY = '·';
const WIDTH = 20;

/** A letter for each kind, so that a picture can be written down: this test shares nothing with the painter but kinds. */
const LETTERS: Readonly<Record<string, number>> = {
  q: BarKind.queued,
  P: BarKind.pass,
  F: BarKind.passFailed,
  k: BarKind.kubernetes,
  a: BarKind.actions,
  x: BarKind.refused,
  e: BarKind.phaseEven,
  r: BarKind.runnerPending,
  R: BarKind.runnerRunning,
  c: BarKind.podCreated,
  O: BarKind.podRunning,
};

describe('what is seen in a lane', () => {
  const life = ['q 0-3', 'P 3-13', 'e 3-13', 'a 4-8', 'k 9-11', 'r 3-11', 'R 11-20', 'c 11-14', 'O 14-20'];

  it('thirty pixels high: phases above requests inside the pass, then the runner, then the pod', () => {
    assert.deepEqual(rowsOf(life, 30, [3, 7, 10, 18, 22, 26]), {
      3: '···eeeeeeeeee·······',
      7: '···PaaaaPkkPP·······',
      10: 'qqqPaaaaPkkPP·······',
      18: '···PPPPPPPPPP·······',
      22: '···rrrrrrrrRRRRRRRRR',
      26: '···········cccOOOOOO',
    });
  });

  it('thirty pixels high: nothing at its edges, nor between runner and pod', () => {
    const empty = EMPTY.repeat(WIDTH);
    assert.deepEqual(rowsOf(life, 30, [0, 1, 20, 23, 29]), { 0: empty, 1: empty, 20: empty, 23: empty, 29: empty });
  });

  it('two pixels high: a running pod before its runner, a pass before both, trouble before all', () => {
    assert.deepEqual(rowsOf([...life, 'x 9-10', 'F 16-18'], 2, [0]), { 0: 'qqqPaaaaPxkPPROOFFOO' });
  });
});

/** Draws bars, each a letter with the pixels from and to, in one lane; by row the letters that are seen. */
function rowsOf(bars: readonly string[], lanePx: number, rows: readonly number[]): Record<number, string> {
  const writer = new BarWriter();
  for (const bar of bars) {
    const [, letter = '', from, to] = /^(\w) (\d+)-(\d+)$/.exec(bar) ?? assert.fail(bar);
    writer.add(0, LETTERS[letter] as number, Number(from) * 1_000, (Number(to) - Number(from)) * 1_000, 0, 0);
  }
  const store = new BarStore();
  store.append(writer.take());
  store.growTo(1);
  const picture = { widthPx: WIDTH, heightPx: lanePx, pixels: new Uint32Array(WIDTH * lanePx) };
  const paints = Array.from({ length: KINDS }, (_, kind) => ({ pattern: 'solid' as const, colour: kind + 1, gap: 0 }));
  const scene = {
    rows: new Rows([{ lanes: [0], collapsed: false }], { lanePx, lanesAPixel: 1 }, 0),
    stores: [store],
    viewport: { fromUs: 0, pixelsPerUs: 0.001 },
    scrollPx: 0,
    nowUs: [20_000],
    shiftUs: [0],
  };
  new Painter().paint(scene, paints, { colour: 0, lines: [], lineColour: 0 }, picture);
  const letterOf = (pixel: number): string =>
    pixel === 0 ? EMPTY : (Object.entries(LETTERS).find(([, kind]) => kind === pixel - 1)?.[0] ?? '?');
  const seen = (row: number): string =>
    [...picture.pixels.subarray(row * WIDTH, (row + 1) * WIDTH)].map(letterOf).join('');
  return Object.fromEntries(rows.map((row) => [row, seen(row)]));
}

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
  b: BarKind.backoff,
  U: BarKind.passUnknown,
  P: BarKind.pass,
  Q: BarKind.passRequeued,
  F: BarKind.passFailed,
  w: BarKind.retryWait,
  t: BarKind.throttled,
  u: BarKind.requestUnknown,
  k: BarKind.kubernetes,
  a: BarKind.actions,
  x: BarKind.refused,
  e: BarKind.phaseEven,
  o: BarKind.phaseOdd,
  r: BarKind.runnerPending,
  R: BarKind.runnerRunning,
  s: BarKind.runnerSucceeded,
  f: BarKind.runnerFailed,
  c: BarKind.podCreated,
  p: BarKind.podPending,
  O: BarKind.podRunning,
  S: BarKind.podSucceeded,
  X: BarKind.podFailed,
};

/** Rows of a lane of thirty pixels in which kinds are drawn, the last excluded. */
const ROWS: readonly (readonly [kinds: string, first: number, end: number])[] = [
  ['qb', 8, 14],
  ['UPQF', 2, 20],
  ['eo', 2, 5],
  ['wtukax', 6, 17],
  ['rRsf', 21, 23],
  ['cpOSX', 25, 29],
];

/** Kinds of a track, each drawn over those before it. */
const TRACKS = ['qbUPQF', 'wtukax', 'eo', 'rRsf', 'cpOSX'];

/** Kinds that a stripe shows, each before those before it; phases are not seen in one. */
const STRIPES = 'rqbcpsSROUPQwuktafXxF';

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

  it('thirty pixels high: each kind in its rows, and nowhere else', () => {
    assert.deepEqual([...ROWS.map(([kinds]) => kinds).join('')].sort(), Object.keys(LETTERS).sort());
    const lane = Array.from({ length: 30 }, (_, row) => row);
    for (const [kinds, first, end] of ROWS) {
      for (const letter of kinds) {
        const seen = rowsOf([`${letter} 3-13`], 30, lane);
        const rows = lane.filter((row) => seen[row] !== EMPTY.repeat(WIDTH));
        assert.deepEqual(rows, lane.slice(first, end), `${letter} is in other rows`);
      }
    }
  });

  it('thirty pixels high: where kinds of a track meet, the one that says more', () => {
    for (const track of TRACKS) {
      for (const [under, over, row] of pairsOf(track)) {
        const drawn = rowsOf([`${over} 5-9`, `${under} 3-13`], 30, [row])[row];
        assert.equal(drawn?.slice(5, 9), over.repeat(4), `${under} hides ${over}`);
      }
    }
  });

  it('two pixels high: of any two kinds that meet, the one that matters more', () => {
    for (const [under, over] of pairsOf(STRIPES)) {
      const drawn = rowsOf([`${over} 5-9`, `${under} 3-13`], 2, [0])[0];
      const both = under.repeat(2) + over.repeat(4) + under.repeat(4);
      assert.equal(drawn?.slice(3, 13), both, `${under} hides ${over}`);
    }
  });

  it('leaves a line free below stripes of three pixels, and none below thinner ones', () => {
    const full = 'P'.repeat(WIDTH);
    assert.deepEqual(rowsOf(['P 0-20'], 3, [0, 1, 2]), { 0: full, 1: full, 2: EMPTY.repeat(WIDTH) });
    assert.deepEqual(rowsOf(['P 0-20'], 2, [0, 1]), { 0: full, 1: full });
  });

  it('two pixels high: a running pod before its runner, a pass before both, trouble before all', () => {
    assert.deepEqual(rowsOf([...life, 'x 9-10', 'F 16-18'], 2, [0]), { 0: 'qqqPaaaaPxkPPROOFFOO' });
  });
});

/** Every kind of a list with each of those after it, and a row of a lane of thirty pixels in which both are drawn. */
function pairsOf(kinds: string): [under: string, over: string, row: number][] {
  const firstRow = (letter: string): number => ROWS.find(([these]) => these.includes(letter))?.[1] ?? 0;
  return [...kinds].flatMap((under, rank) =>
    [...kinds.slice(rank + 1)].map((over): [string, string, number] => [
      under,
      over,
      Math.max(firstRow(under), firstRow(over)),
    ]),
  );
}

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

import assert from 'node:assert/strict';
import { BarStore } from '../../../src/timeline/bar-store.ts';
import { BarKind, NO_PASS } from '../../../src/timeline/bars.ts';
import { BarWriter } from '../../../src/timeline/bar-writer.ts';
import { momentsAt, signsOfLane } from '../../../src/timeline/lane-marks.ts';

const { markPodFailed, markTrouble, markPodCreated } = BarKind;
/** As a pod fails, a pass stumbles over it, and the next pod is made: within a pixel when all of a run is in view. */
const MOMENTS = [
  [markPodFailed, 8_879_000],
  [markTrouble, 8_884_000],
  [markPodCreated, 8_893_000],
] as const;

function storeOf(shiftUs: number): BarStore {
  const store = new BarStore();
  store.growTo(1);
  const writer = new BarWriter();
  for (const [kind, us] of [...MOMENTS].reverse()) writer.add(0, kind, us + shiftUs, 0, 0, NO_PASS);
  store.append(writer.take());
  return store;
}

describe('the signs of a lane', () => {
  it('keep the order of time when they are moved apart, at every zoom and wherever pixels begin', () => {
    for (const pixelsPerUs of [1e-5, 2e-5, 1e-4, 1e-3]) {
      for (let shiftUs = 0; shiftUs < 200_000; shiftUs += 3_001) {
        const inView = { fromUs: 8_800_000, pixelsPerUs, width: 1_000, nowUs: 60_000_000 };
        const signs = signsOfLane(storeOf(shiftUs), 0, inView, 10);
        assert.deepEqual(
          signs.map(({ marks }) => marks.map(({ kind }) => kind)),
          MOMENTS.map(([kind]) => [kind]),
          `moved on by ${shiftUs} at ${pixelsPerUs}`,
        );
        for (const [at, { x }] of signs.entries()) assert.ok(at === 0 || x >= (signs[at - 1]?.x ?? 0) + 10);
      }
    }
  });

  it('stay inside at the right edge, in their order', () => {
    for (let width = 80; width < 130; width++) {
      const inView = { fromUs: 8_000_000, pixelsPerUs: 1e-4, width, nowUs: 60_000_000 };
      const signs = signsOfLane(storeOf(0), 0, inView, 10);
      for (const { x, widthPx } of signs) assert.ok(x <= width - widthPx / 2, `${x} of ${width}`);
      const order = signs.flatMap(({ marks }) => marks.map(({ kind }) => MOMENTS.findIndex(([one]) => one === kind)));
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
      );
    }
  });

  it('are what a pointer on them means, wherever they have been moved to', () => {
    const store = storeOf(0);
    const inView = { fromUs: 0, pixelsPerUs: 1e-5, width: 500, nowUs: 60_000_000 };
    const signs = signsOfLane(store, 0, inView, 10);
    assert.equal(signs.length, 3);
    for (const { marks, x } of signs) {
      const kinds = momentsAt(store, 0, inView, 10, x).map(({ kind }) => kind);
      assert.deepEqual(
        kinds,
        marks.map(({ kind }) => kind),
      );
    }
    assert.deepEqual(momentsAt(store, 0, inView, 10, 200), []);
  });

  it('of a pod that fails again and again are one with their number where they have no room, which means them all', () => {
    const store = new BarStore();
    store.growTo(1);
    const writer = new BarWriter();
    const times = Array.from({ length: 30 }, (_, at) => 1_000_000 + at * 200_000);
    for (const us of times) writer.add(0, markPodFailed, us, 0, 0, NO_PASS);
    store.append(writer.take());
    for (const [pixelsPerUs, most] of [
      [1e-3, 1],
      [5e-5, 1],
      [1e-5, 30],
    ] as const) {
      const inView = { fromUs: 0, pixelsPerUs, width: 10_000, nowUs: 60_000_000 };
      const signs = signsOfLane(store, 0, inView, 10);
      const moments = signs.flatMap(({ x }) => momentsAt(store, 0, inView, 10, x).map(({ startUs }) => startUs));
      assert.deepEqual(moments, times, 'every moment is in a sign, in order');
      assert.equal(signs.length === 30, most === 1, `${signs.length} signs at ${pixelsPerUs}`);
      for (const [at, { x, widthPx }] of signs.entries()) {
        const before = signs[at - 1];
        assert.ok(before === undefined || x - widthPx / 2 >= before.x + before.widthPx / 2 - 1e-6, 'one hides another');
      }
    }
  });
});

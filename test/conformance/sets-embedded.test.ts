import assert from 'node:assert/strict';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { setDifferences } from './compare-sets.ts';
import { loadSetRecordings } from './set-recording.ts';
import { SetWorld } from './set-world.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
/** The real controllers' runs all differ among themselves; a few of them cannot have shown every way. */
const ALLOWED = 2;

describe('recordings of the real set controllers, on the embedded cluster in virtual time', () => {
  const recordings = loadSetRecordings();
  for (const recording of recordings) {
    for (const mode of RELEASES.ids) {
      const recorded = recording.modes[mode];
      if (recorded === undefined) continue;
      it(`${recording.scenario}, ${mode}: each runner's life, the set's writes and what is left`, () => {
        const elsewhere = recordings.flatMap(({ modes }) => modes[mode] ?? []);
        const unlike = SEEDS.flatMap((seed) => {
          const found = setDifferences(new SetWorld(recording, mode, seed).play(mode), recorded, elsewhere);
          return found.length === 0 ? [] : [`with seed ${seed}: ${found.join('\n')}`];
        });
        assert.ok(
          unlike.length <= ALLOWED,
          `${unlike.length} of ${SEEDS.length} runs are not as recorded\n${unlike[0]}`,
        );
      });
    }
  }
});

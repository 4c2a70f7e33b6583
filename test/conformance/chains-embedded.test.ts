import assert from 'node:assert/strict';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { loadChainRecordings } from './chain-recording.ts';
import { ChainWorld } from './chain-world.ts';
import { chainDifferences } from './compare-chains.ts';

const SEEDS = [1, 2, 3];

describe('recordings of the whole chain, on the embedded cluster in virtual time', () => {
  const recordings = loadChainRecordings();
  for (const recording of recordings) {
    for (const mode of RELEASES.ids) {
      const recorded = recording.modes[mode];
      if (recorded === undefined) continue;
      it(`${recording.scenario}, ${mode}: each controller's writes, each runner's life and what is left`, () => {
        const [run] = recorded.runs;
        assert.ok(run !== undefined, 'nothing was recorded');
        const elsewhere = recordings.flatMap(({ modes }) => modes[mode]?.runs ?? []);
        const unlike = SEEDS.flatMap((seed) => {
          const observed = new ChainWorld(recording, mode, seed).play(run);
          const found = chainDifferences(observed, recorded.runs, elsewhere);
          return found.length === 0 ? [] : [`with seed ${seed}: ${found.join('\n')}`];
        });
        assert.equal(unlike.length, 0, `${unlike.length} of ${SEEDS.length} runs are not as recorded\n${unlike[0]}`);
      });
    }
  }
});

import assert from 'node:assert/strict';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { loadChainRecordings, type ChainRun } from './chain-recording.ts';
import { ChainWorld } from './chain-world.ts';
import { chainDifferences } from './compare-chains.ts';

const SEEDS = [1, 2, 3];
/** Of the four controllers: two for runners, one for each other kind. */
const WORKERS = 5;

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

describe("what fills the client's limit in recordings of whole chains", () => {
  /** The burst that a bucket of 20 requests a second would have needed for requests at these times. */
  const burstFor = (timesMs: readonly number[]): number => {
    let [lowest, most] = [Infinity, 0];
    for (const [index, ms] of [...timesMs].sort((a, b) => a - b).entries()) {
      const ahead = index - (20 * ms) / 1000;
      lowest = Math.min(lowest, ahead);
      most = Math.max(most, ahead - lowest + 1);
    }
    return most;
  };
  const isSecret = ({ resource }: ChainRun['requests'][number]): boolean => resource === 'secrets';
  const busy = loadChainRecordings().filter(({ scenario }) => ['ars-max', 'listener-50-events'].includes(scenario));
  for (const recording of busy) {
    for (const mode of ['old', 'new']) {
      const [run] = recording.modes[mode]?.runs ?? [];
      it(`${recording.scenario}, ${mode}: lists take from a bucket of their own, as in ours`, () => {
        assert.ok(run !== undefined, 'nothing was recorded');
        for (const { requests } of [run, new ChainWorld(recording, mode, 1).play(run)]) {
          const secrets = requests.filter(isSecret);
          assert.ok(
            burstFor(secrets.map(({ tMs }) => tMs)) > 40,
            'with lists they are more than one bucket lets through',
          );
          const others = secrets.filter(({ verb }) => verb !== 'list').map(({ tMs }) => tMs);
          // Theirs are noted when they come to the server, ours when they begin to wait: then one for each worker is ahead.
          assert.ok(burstFor(others) < 30 + WORKERS, `without lists ${burstFor(others)}`);
        }
      });

      it(`${recording.scenario}, ${mode}: the GitHub secret is read as often, by the scale set's controller too`, () => {
        assert.ok(run !== undefined, 'nothing was recorded');
        const [theirs = NaN, ours = NaN] = [run, new ChainWorld(recording, mode, 1).play(run)].map(
          ({ requests }) => requests.filter((each) => isSecret(each) && each.name === 'github-config').length,
        );
        assert.ok(Math.abs(ours / theirs - 1) < 0.1, `${ours} instead of ${theirs} times`);
      });
    }
  }
});

import assert from 'node:assert/strict';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { describeInterleaving, interleavings, playInterleaving } from '../campaign/interleavings.ts';
import { huntMutant, mutantNames } from '../campaign/mutant.ts';
import { describeScenario, scenarioOf } from '../campaign/scenarios.ts';
import { STRATEGIES } from '../campaign/strategies.ts';
import { UPSTREAM_FLAWS } from '../campaign/witness.ts';
import { play } from '../campaign/world.ts';

const RUNS = Number(process.env['CAMPAIGN_RUNS'] ?? 10_000);
const FIRST_SEED = Number(process.env['CAMPAIGN_SEED'] ?? 1);
const RUNNERS = 10;
const MUTANT_RUNS = 500;

describe('controllers in a world that fails them, in virtual time', function () {
  this.timeout(15 * 60_000);

  it(`${RUNS} runs of ${RUNNERS} runners from seed ${FIRST_SEED}: everything ends right, and upstream's own flaws are all that is lost`, function () {
    const met = new Set<string>();
    const flaws = new Set<string>();
    let crashes = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const scenario = scenarioOf(seed, RUNNERS);
      const outcome = play(scenario);
      const again = `${describeScenario(scenario)}; npm run campaign -- --seed ${seed} --log`;
      assert.deepEqual(outcome.violations, [], again);
      for (const strategy of scenario.strategies) met.add(strategy);
      for (const flaw of outcome.flaws.keys()) flaws.add(flaw);
      crashes += outcome.crashes;
    }
    // Fewer runs need not meet every strategy and flaw: that half of the test is reported as skipped.
    if (RUNS < 10_000) this.skip();
    assert.deepEqual([...met].sort(), [...STRATEGIES].sort(), 'some strategy was never played');
    assert.deepEqual([...flaws].sort(), [...UPSTREAM_FLAWS].sort(), 'some flaw of upstream is no longer reproduced');
    assert.ok(crashes > RUNS, `only ${crashes} crashes in ${RUNS} runs`);
  });

  // Their number grows with the square of the runners': more than one is for the two releases that are compared most.
  for (const [runners, modes] of [
    [1, RELEASES.ids],
    [2, RELEASES.comparison],
    [3, RELEASES.comparison],
  ] as const) {
    it(`every crash point with cache lag 0 to 5 and every event doubled, ${runners} runners, ${modes.join(', ')}`, () => {
      let played = 0;
      for (const interleaving of interleavings(runners, modes)) {
        played++;
        const { violations, crashes } = playInterleaving(interleaving);
        assert.deepEqual(violations, [], describeInterleaving(interleaving));
        assert.ok(crashes <= 1, describeInterleaving(interleaving));
      }
      assert.ok(played > 10_000, `only ${played} interleavings`);
    });
  }

  it('the same seed gives the same bytes', () => {
    for (const seed of [3, 135, 5322]) {
      const logs = [0, 1].map(() => {
        const lines: string[] = [];
        play({ ...scenarioOf(seed, RUNNERS), log: (line) => lines.push(line) });
        return lines.join('\n');
      });
      assert.ok((logs[0] ?? '').length > 10_000, 'nothing was logged');
      assert.equal(logs[0], logs[1]);
    }
  });
});

describe('the campaign catches planted bugs', function () {
  this.timeout(5 * 60_000);
  const names = mutantNames();

  it('are at least thirty', () => assert.ok(names.length >= 30, `${names.length} patches`));

  for (const name of names) {
    it(name, () => {
      const { caught, output } = huntMutant(name, MUTANT_RUNS);
      assert.ok(caught, `nothing was found in ${MUTANT_RUNS} runs: ${output}`);
    });
  }
});

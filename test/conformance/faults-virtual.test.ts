import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { UPSTREAM_CHAIN_FLAWS } from '../campaign/chain/flaws.ts';
import { chainScenarioOf, describeChain } from '../campaign/chain/scenarios.ts';
import { CHAIN_STRATEGIES } from '../campaign/chain/strategies.ts';
import { playChain } from '../campaign/chain/world.ts';
import { huntMutant, mutantNames } from '../campaign/mutant.ts';
import { scenarioOf } from '../campaign/scenarios.ts';
import { playSideBySide } from '../campaign/side-by-side.ts';
import { STRATEGIES } from '../campaign/strategies.ts';
import { UPSTREAM_FLAWS } from '../campaign/witness.ts';
import { play } from '../campaign/world.ts';

const RUNS = Number(process.env['CAMPAIGN_RUNS'] ?? 10_000);
const FIRST_SEED = Number(process.env['CAMPAIGN_SEED'] ?? 1);
const RUNNERS = 10;
const CHAINS = Number(process.env['CAMPAIGN_CHAINS'] ?? 2_000);
const MUTANT_RUNS = 500;

describe('controllers in a world that fails them, in virtual time', function () {
  this.timeout(15 * 60_000);

  it(`${RUNS} runs of ${RUNNERS} runners from seed ${FIRST_SEED}: everything ends right, and upstream's own flaws are all that is lost`, async function () {
    const found = await playSideBySide({ kind: 'runners', first: FIRST_SEED, runs: RUNS, runners: RUNNERS });
    assert.equal(found.wrong, undefined, found.wrong);
    // Fewer runs need not meet every strategy and flaw: that half of the test is reported as skipped.
    if (RUNS < 10_000) this.skip();
    assert.deepEqual([...found.strategies].sort(), [...STRATEGIES].sort(), 'some strategy was never played');
    assert.deepEqual(
      [...found.flaws.keys()].sort(),
      [...UPSTREAM_FLAWS].sort(),
      'some flaw of upstream is no longer reproduced',
    );
    assert.ok(found.crashes > RUNS, `only ${found.crashes} crashes in ${RUNS} runs`);
  });

  // Their number grows with the square of the runners': more than one is for the two releases that are compared most.
  for (const [runners, modes] of [
    [1, RELEASES.ids],
    [2, RELEASES.comparison],
    [3, RELEASES.comparison],
  ] as const) {
    it(`every crash point with cache lag 0 to 5 and every event doubled, ${runners} runners, ${modes.join(', ')}`, async () => {
      const { played, crashes, wrong } = await playSideBySide({ kind: 'interleavings', runners, modes });
      assert.equal(wrong, undefined, wrong);
      assert.ok(played > 10_000, `only ${played} interleavings`);
      assert.ok(crashes > played / 2 && crashes <= played, `${crashes} crashes in ${played} interleavings`);
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

describe('scale sets in a world that fails them, in virtual time', function () {
  this.timeout(15 * 60_000);

  it(`${CHAINS} scale sets from seed ${FIRST_SEED}: everything ends right, and upstream's own flaws are all that is lost`, async function () {
    const found = await playSideBySide({ kind: 'chains', first: FIRST_SEED, runs: CHAINS });
    assert.equal(found.wrong, undefined, found.wrong);
    if (CHAINS < 1_000) this.skip();
    assert.deepEqual([...found.strategies].sort(), [...CHAIN_STRATEGIES].sort(), 'some strategy was never played');
    assert.ok(found.crashes > CHAINS / 4, `only ${found.crashes} crashes in ${CHAINS} runs`);
  });

  for (const [flaw, { issues, strategies, seed }] of Object.entries(UPSTREAM_CHAIN_FLAWS)) {
    const reported = issues.map((issue) => ` (#${issue})`).join('');
    it(`reproduces upstream's own ${flaw}${reported}`, () => {
      const met = Array.from({ length: seed }, (_, index) => index + 1).some((one) => {
        const scenario = chainScenarioOf(one, strategies);
        const { violations, flaws } = playChain(scenario);
        assert.deepEqual(violations, [], describeChain(scenario));
        return flaws.has(flaw);
      });
      assert.ok(met, `not in ${seed} runs with ${strategies.join(' and ')}`);
    });
  }

  // One for each way in which releases keep sets and listeners.
  const modes = ['new', '0.13.1', '0.14.2', 'latest'];
  it(`every crash point of controllers and listener, with caches that lag and not, ${modes.join(', ')}`, async () => {
    const { played, crashes, wrong } = await playSideBySide({ kind: 'crash-points', modes });
    assert.equal(wrong, undefined, wrong);
    assert.ok(played > 500, `only ${played} crash points`);
    assert.ok(crashes > played / 2, `only ${crashes} crashes in ${played} runs`);
  });

  it('the same seed gives the same bytes', () => {
    for (const seed of [3, 95, 321]) {
      const logs = [0, 1].map(() => {
        const lines: string[] = [];
        playChain({ ...chainScenarioOf(seed), log: (line) => lines.push(line) });
        return lines.join('\n');
      });
      assert.ok((logs[0] ?? '').length > 5_000, 'nothing was logged');
      assert.equal(logs[0], logs[1]);
    }
  });
});

describe('the campaign catches planted bugs', function () {
  this.timeout(5 * 60_000);
  const names = mutantNames();
  const hunts = new Map<string, ReturnType<typeof huntMutant>>();

  /** As many at a time as there are cores. */
  before(() => {
    const lanes = availableParallelism();
    for (let lane = 0; lane < lanes; lane++) {
      let before: Promise<unknown> = Promise.resolve();
      for (const name of names.filter((_, index) => index % lanes === lane)) {
        const hunt = before.then(() => huntMutant(name, MUTANT_RUNS));
        // Its test reports what goes wrong.
        before = hunt.catch(() => undefined);
        hunts.set(name, hunt);
      }
    }
  });

  it('are at least fifty', () => assert.ok(names.length >= 50, `${names.length} patches`));

  for (const name of names) {
    it(name, async () => {
      const { caught, output } = (await hunts.get(name)) as Awaited<ReturnType<typeof huntMutant>>;
      assert.ok(caught, `nothing was found in ${MUTANT_RUNS} runs: ${output}`);
    });
  }
});

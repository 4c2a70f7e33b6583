import assert from 'node:assert/strict';
import { advise } from '../../../src/advice/advise.ts';
import { kneeOf } from '../../../src/advice/curve.ts';
import { knobsOf } from '../../../src/advice/knobs.ts';
import { meets, type Objective } from '../../../src/advice/objective.ts';
import { flagChanges, helmValues } from '../../../src/advice/patch.ts';
import { basisText } from '../../../src/report/advice-text.ts';
import { basisOf } from '../../../src/advice/recorded.ts';
import { costOf, gridOf, MOST_RUNS, search } from '../../../src/advice/search.ts';
import { Simulator } from '../../../src/advice/simulator.ts';
import { Random } from '../../../src/base/random.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';

const SEEDS = 4;

describe('advice', function () {
  // Many small runs.
  this.timeout(120_000);

  const pool = new SimulationPool(0);
  const simulator = (): Simulator => new Simulator(pool, {}, SEEDS);
  const settings = (given: Partial<RunSettings> = {}): RunSettings => ({
    ...DEFAULT_SETTINGS,
    mode: 'new',
    runners: 12,
    qps: 5,
    burst: 5,
    ...given,
  });

  /** The cheapest cell of the grid that meets the objective, by the median of all seeds. */
  async function exhaustive(at: RunSettings, objective: Objective): Promise<number> {
    const all = simulator();
    const outcomes = await Promise.all(
      gridOf(at, objective)
        .flat()
        .map((cell) => all.outcome(cell)),
    );
    return Math.min(
      ...outcomes.filter((outcome) => meets(objective, outcome)).map((outcome) => costOf(outcome.settings)),
    );
  }

  const random = new Random(11, 'settings of advice');
  for (let trial = 0; trial < 6; trial++) {
    const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
    const at = settings({
      mode: pick(['new', '0.12.1', '0.13.1', '0.14.2', 'latest']),
      runners: 6 + random.below(14),
      workers: 1 + random.below(4),
      jitLatencyUs: 20_000 + random.below(300_000),
      seed: random.below(1000),
    });
    const slack = 1.2 + random.next();
    it(`finds settings within 3 % of the cheapest that meet an objective (trial ${trial}, ${at.mode})`, async () => {
      const fastest = await simulator().outcome({ ...at, workers: 16, qps: 320, burst: 480 });
      const objective = { lastUs: Math.round(slack * fastest.lastUs.median) };
      const { best, runs } = await search(simulator(), at, objective);
      assert.ok(best !== undefined, 'they exist');
      assert.ok(runs <= MOST_RUNS, `${runs} runs`);
      assert.ok(meets(objective, await simulator().outcome(best.settings)), 'another run of the same confirms it');
      const [found, least] = [costOf(best.settings), await exhaustive(at, objective)];
      assert.ok(found <= 1.03 * least, `found ${found}, the cheapest is ${least}`);
    });
  }

  it('looks beyond settings that come near and do not meet the objective', async () => {
    const at = settings({
      ...{ mode: '0.13.1', runners: 29, workers: 4, qps: 10, burst: 10, seed: 16469 },
      ...{ jitLatencyUs: 409_838, apiLatencyUs: 17_319 },
    });
    const objective = { lastUs: 3_214_043 };
    const { best, runs } = await search(simulator(), at, objective);
    assert.ok(best !== undefined && runs <= MOST_RUNS, `${runs} runs`);
    assert.equal(costOf(best.settings), await exhaustive(at, objective));
  });

  it('keeps the rate of requests below what is allowed, and is as fast as that lets it be', async () => {
    const at = settings({ runners: 20, qps: 20, burst: 30 });
    const objective = { mostRequestsASecond: 60 };
    const { best, runs } = await search(simulator(), at, objective);
    assert.ok(best !== undefined && best.requestsASecond.median <= 60);
    assert.ok(runs <= MOST_RUNS, `${runs} runs`);
    const all = simulator();
    const cells = await Promise.all(
      gridOf(at, objective)
        .flat()
        .map((cell) => all.outcome(cell)),
    );
    const allowed = cells.filter(({ requestsASecond }) => requestsASecond.median <= 60);
    const fastestUs = Math.min(...allowed.map(({ lastUs }) => lastUs.median));
    const nowUs = (await all.outcome(at)).lastUs.median;
    const worthUs = Math.max(1.03 * fastestUs, fastestUs + 0.1 * (nowUs - fastestUs));
    assert.ok(best.lastUs.median <= 1.05 * worthUs, `${best.lastUs.median} µs, the fastest takes ${fastestUs} µs`);
  });

  for (const [given, mostRequestsASecond] of [
    [{ mode: '0.13.1', workers: 4 }, 300],
    [{ mode: 'new' }, 2_000],
    [{ mode: 'old', qps: 0 }, 300],
    [{ mode: 'latest', qps: 0 }, 2_000],
  ] as const) {
    it(`pays for no more workers and no higher rate than a generous limit of requests needs (${given.mode}, ${mostRequestsASecond} a second)`, async () => {
      const at = settings({ runners: 40, qps: 20, burst: 30, ...given });
      const wanted = { mostRequestsASecond };
      const { best, objective, runs } = await search(simulator(), at, wanted);
      assert.ok(best !== undefined && runs <= MOST_RUNS, `${runs} runs`);
      const [found, least] = [costOf(best.settings), await exhaustive(at, objective)];
      assert.ok(found <= 1.03 * least, `found ${found}, the cheapest is ${least}`);
      const all = simulator();
      const cells = await Promise.all(
        gridOf(at, wanted)
          .flat()
          .map((cell) => all.outcome(cell)),
      );
      const fastestUs = Math.min(...cells.filter((cell) => meets(wanted, cell)).map(({ lastUs }) => lastUs.median));
      const nowUs = (await all.outcome(at)).lastUs.median;
      const worthUs = Math.max(1.03 * fastestUs, fastestUs + 0.1 * (nowUs - fastestUs));
      assert.ok(best.lastUs.median <= 1.05 * worthUs, `${best.lastUs.median} µs, the fastest takes ${fastestUs} µs`);
    });
  }

  it('says that no setting meets what the one call at a time does not allow', async () => {
    const advice = await advise(simulator(), settings({ mode: '0.14.2', runners: 20 }), { lastUs: 2e6 }, '0.14.2');
    assert.equal(advice.found.best, undefined);
    assert.deepEqual(advice.limit, { kind: 'lock', calls: 20, callUs: 200_000, us: 4e6 });
    assert.deepEqual(advice.changes, []);
    assert.deepEqual(
      advice.growth.map(({ factor, isMet, needed }) => [factor, isMet, needed]),
      [
        [2, false, undefined],
        [5, false, undefined],
      ],
    );
  });

  // Each was answered with "no setting meets it": more workers may send fewer requests within a second, one seed says little
  // where calls take long by chance, and no run was left to confirm what had been found.
  const lognormal = (sigma: number) => ({ jitShape: { kind: 'lognormal', sigma } as const, jitLatencyUs: 200_000 });
  const answerable: readonly (readonly [Objective, Partial<RunSettings>])[] = [
    [
      { lastUs: 24_006_916, mostRequestsASecond: 14 },
      {
        ...lognormal(0.667909),
        runners: 18,
        workers: 6,
        qps: 5,
        burst: 5,
        apiLatencyUs: 16_424,
        podStartUs: 649_640,
        seed: 60_198,
      },
    ],
    [
      { lastUs: 15_720_593, mostRequestsASecond: 62 },
      {
        ...lognormal(0.5),
        runners: 39,
        workers: 3,
        qps: 10,
        burst: 20,
        apiLatencyUs: 9_934,
        podStartUs: 3_887_998,
        seed: 6_413,
      },
    ],
    [
      { p95Us: 12_365_119, mostRequestsASecond: 24 },
      { mode: '0.14.0', runners: 21, workers: 1, burst: 8, jitLatencyUs: 148_823, apiLatencyUs: 7_308, seed: 61_379 },
    ],
    [
      { mostRequestsASecond: 54 },
      { runners: 11, workers: 3, qps: 10, burst: 20, jitLatencyUs: 240_472, apiLatencyUs: 7_590, seed: 65_249 },
    ],
    [
      { mostRequestsASecond: 29 },
      { mode: '0.14.0', runners: 8, workers: 7, qps: 40, burst: 40, jitLatencyUs: 412_723, apiLatencyUs: 8_860 },
    ],
    [
      { lastUs: 2_415_562 },
      {
        ...lognormal(0.667909),
        mode: '0.12.1',
        runners: 19,
        workers: 1,
        qps: 10,
        burst: 15,
        apiLatencyUs: 7_335,
        seed: 48_773,
      },
    ],
  ];
  for (const [index, [objective, given]] of answerable.entries()) {
    it(`finds settings where there are some, whatever limits what (${index + 1})`, async () => {
      const at = settings(given);
      const { best, runs } = await search(new Simulator(pool, {}, 5), at, objective);
      assert.ok(best !== undefined, 'some cell of the grid meets it');
      assert.ok(meets(objective, await new Simulator(pool, {}, 5).outcome(best.settings)));
      assert.ok(runs <= MOST_RUNS, `${runs} runs`);
      if (objective.mostRequestsASecond === undefined) {
        assert.ok(costOf(best.settings) <= 1.03 * (await exhaustive(at, objective)), 'it is the cheapest');
      }
    });
  }

  it('changes nothing where nothing that can be set makes a difference', async () => {
    const advice = await advise(
      simulator(),
      settings({ mode: '0.14.2', runners: 20, qps: 20, burst: 30 }),
      {},
      '0.14.2',
    );
    assert.deepEqual([advice.changes, advice.limit.kind], [[], 'lock']);
    assert.ok(advice.found.best !== undefined, 'the settings as they are do as well as any');
  });

  it('changes nothing where the objective is met already', async () => {
    const advice = await advise(simulator(), settings(), { lastUs: 3600e6 }, 'new');
    assert.deepEqual([advice.changes, advice.found.runs, advice.found.best?.settings.qps], [[], 0, 5]);
  });

  it('finds the knob that matters, and hears of bars as they come', async () => {
    const heard: unknown[] = [];
    const firstLooks: unknown[] = [];
    const parts: string[] = [];
    const advice = await advise(simulator(), settings({ runners: 20 }), {}, 'new', {
      bar: ({ id, ends }, isFirstLook) => {
        (isFirstLook ? firstLooks : heard).push(id);
        for (const { outcome } of ends) assert.equal(outcome.runs.length, isFirstLook ? 1 : SEEDS);
      },
      now: () => parts.push('now'),
      curve: () => parts.push('curve'),
      found: () => parts.push('found'),
      growth: () => parts.push('growth'),
    });
    assert.deepEqual(parts, ['now', 'curve', 'found', 'growth', 'growth']);
    assert.deepEqual(new Set(firstLooks), new Set(heard), 'a first look at each bar');
    assert.equal(advice.bars[0]?.id, 'qps', 'five requests a second hold back the most');
    assert.equal(advice.curve?.knob, 'qps');
    assert.deepEqual(new Set(heard), new Set(advice.bars.map(({ id }) => id)));
    assert.equal(advice.limitNow.kind, 'bucket');
    for (const { isMet } of advice.growth) assert.equal(isMet, undefined, 'nothing was asked for');
  });

  it('turns only what a release has', () => {
    const flags = (mode: string): unknown[] =>
      knobsOf(settings({ mode })).flatMap(({ id, isFlag }) => (isFlag ? [id] : []));
    assert.deepEqual(flags('0.9.3'), []);
    assert.deepEqual(flags('new'), ['workers', 'qps', 'burst']);
    assert.deepEqual(flags('0.14.2'), ['workers', 'qps', 'burst', 'workqueueRateLimiter']);
    assert.equal(gridOf(settings({ mode: '0.9.3', workers: 1 })).flat().length, 1);
  });

  after(() => pool.dispose());
});

describe('the knee of a curve', () => {
  it('is the first value after which nothing really helps', () => {
    assert.equal(kneeOf([100, 50, 26, 25.5, 25.4]), 2);
    assert.equal(kneeOf([25, 25.5, 25.2]), 0);
    assert.equal(kneeOf([100, 50, 25]), 2, 'the last helps still');
    assert.equal(kneeOf([10, 12, 9]), 2, 'worse in between is no end');
  });
});

describe('the patch', () => {
  const now: RunSettings = { ...DEFAULT_SETTINGS, mode: '0.14.2' };
  const values = (to: Partial<RunSettings>, version: string): string =>
    helmValues(flagChanges(now, { ...now, ...to }, version), ({ from }) => `was ${from}`);

  it('puts flags where the chart reads them', () => {
    assert.equal(
      values({ workers: 4, qps: 40, burst: 60, workqueueRateLimiter: 'typed_rate_limiter' }, '0.14.2'),
      [
        'flags:',
        '  runnerMaxConcurrentReconciles: 4 # was 2',
        '  k8sClientRateLimiterQPS: 40 # was 20',
        '  k8sClientRateLimiterBurst: 60 # was 30',
        '  rateLimiter:',
        '    name: typed_rate_limiter # was ',
        '',
      ].join('\n'),
    );
  });

  it('puts the workers of 0.10.0 where its template looks for them', () => {
    assert.equal(
      values({ mode: 'new', workers: 4, qps: 40 }, '0.10.0'),
      'runnerMaxConcurrentReconciles: 4 # was 2\nflags:\n  k8sClientRateLimiterQPS: 40 # was 20\n',
    );
  });

  it('has nothing for a release without flags', () => {
    assert.deepEqual(flagChanges(now, { ...now, mode: '0.9.3', workers: 4, qps: 40 }, '0.9.3'), []);
  });
});

describe('what a figure rests on', () => {
  const at = (given: Partial<RunSettings>) => basisOf({ ...DEFAULT_SETTINGS, mode: 'new', ...given });

  it('is a recording of these settings, or of less and more of each, or neither', () => {
    assert.equal(at({ runners: 300 }), 'recorded');
    assert.equal(at({ runners: 150, workers: 3 }), 'within');
    assert.equal(at({ runners: 301 }), 'recorded', 'nearly as many');
    assert.equal(at({ runners: 1000 }), 'extrapolated');
    assert.equal(at({ runners: 300, qps: 40 }), 'extrapolated', 'no other rate was recorded');
    assert.equal(at({ runners: 300, apiLatencyUs: 5_900 }), 'recorded', 'their servers were not all as fast');
    assert.equal(at({ runners: 150, apiLatencyUs: 5_200 }), 'within');
    assert.equal(at({ runners: 300, apiLatencyUs: 8_000 }), 'extrapolated', 'none was that slow');
    assert.equal(at({ runners: 150, mode: 'latest+4669' }), 'extrapolated', 'nobody runs it');
  });

  it('is a description where a pull request was never recorded, whatever else was', () => {
    const text = (mode: string): string => basisText({ ...DEFAULT_SETTINGS, mode, runners: 100 });
    assert.equal(text('latest'), 'recorded');
    assert.equal(text('latest+4669'), 'from its description');
    assert.equal(text('latest-4516'), 'extrapolated', 'one that is left out was recorded');
  });
});

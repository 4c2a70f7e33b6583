import assert from 'node:assert/strict';
import { advise, type Advice, type Growth } from '../../../src/advice/advise.ts';
import { knobsOf } from '../../../src/advice/knobs.ts';
import type { Objective } from '../../../src/advice/objective.ts';
import { Simulator } from '../../../src/advice/simulator.ts';
import { firstLook } from '../../../src/advice/tornado.ts';
import { isRealDifference } from '../../../src/explain/real-difference.ts';
import { adviceWriter, barText, foundText, growthText, kneeText } from '../../../src/report/advice-text.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';

const SEEDS = 4;

describe('the sentences of advice', function () {
  // Many small runs.
  this.timeout(120_000);

  const pool = new SimulationPool(0);
  after(() => pool.dispose());

  const adviceOn = (given: Partial<RunSettings> & { mode: string }, objective: Objective = {}): Promise<Advice> => {
    const settings = { ...DEFAULT_SETTINGS, runners: 20, ...given };
    return advise(new Simulator(pool, {}, SEEDS), settings, objective, settings.mode);
  };

  it('find a rate of requests below the usual ones where fewer are wanted', async () => {
    const advice = await adviceOn({ mode: '0.12.1' }, { mostRequestsASecond: 10 });
    const { best } = advice.found;
    assert.ok(best !== undefined && best.requestsASecond.median <= 10, foundText(advice, advice.found.objective));
    assert.match(foundText(advice, { mostRequestsASecond: 10 }), /^The least that meets it \(at most 10 requests/);
  });

  it('say of requests that no setting sends so few, and name the one that sends the fewest', async () => {
    const objective = { mostRequestsASecond: 1 };
    const advice = await adviceOn({ mode: '0.12.1' }, objective);
    const text = foundText(advice, objective);
    const { nearest } = advice.found;
    assert.match(text, /^No setting meets it \(at most 1 request a second to Kubernetes\): the settings that send the/);
    assert.ok(nearest.settings.qps < 10, text);
    for (const { outcome } of advice.growth) assert.ok(outcome.settings.qps < 10);
    for (const growth of advice.growth) assert.doesNotMatch(growthText(growth, objective), /wait most|bucket/);
  });

  it('say of a release without a flag for the rate that it has none', async () => {
    const objective = { mostRequestsASecond: 1 };
    const text = foundText(await adviceOn({ mode: '0.9.3', workers: 1 }, objective), objective);
    assert.match(text, /: 0\.9\.3 has no flag for the rate of requests, and sends \d+ requests within a second\./);
  });

  it('say so where a time and a rate can be met, but not both', async () => {
    const objective = { lastUs: 3e6, mostRequestsASecond: 20 };
    const text = foundText(await adviceOn({ mode: '0.12.1' }, objective), objective);
    assert.match(text, /: what is fast enough sends more requests, and what sends so few takes longer\./);
  });

  it('call no setting nearer that wins nothing, and give the figure that was asked for', async () => {
    const objective = { p95Us: 2e6 };
    const advice = await adviceOn({ mode: '0.14.2' }, objective);
    const text = foundText(advice, objective);
    assert.match(text, /None comes nearer than the settings now: 95 of 100 pods come within 4\.1\d s/);
    for (const growth of advice.growth) assert.match(growthText(growth, objective), /: 95 of 100 pods come within /);
    assert.equal(advice.found.nearest.settings.qps, DEFAULT_SETTINGS.qps);
    assert.equal(advice.found.nearest.runs.length, SEEDS, 'the nearest is the median of all seeds too');
  });

  it('say of more workers, which make a burst later, what makes it later, and before that why no more help', async () => {
    for (const given of [
      { runners: 20, workers: 1 },
      { runners: 25, workers: 4 },
    ]) {
      const { curve } = await adviceOn({ mode: '0.14.2', podStartUs: 2e6, ...given });
      assert.ok(curve !== undefined && curve.knob === 'workers');
      const text = kneeText(curve);
      assert.match(
        text,
        /^More than 2 workers do not help: calls to the Actions service run one at a time .*\. With \d+ workers the last pod comes .* later: the client's bucket/,
      );
    }
  });

  it('call nothing worth its price that makes no real difference', async () => {
    const advice = await adviceOn({ mode: '0.14.2', runners: 25, workers: 4, podStartUs: 2e6 });
    const { now, found, changes } = advice;
    const isReal = isRealDifference(now.lastUs.median, found.nearest.lastUs.median);
    assert.ok(isReal || changes.length === 0, foundText(advice, {}));
    assert.match(foundText(advice, {}), /^No other setting is worth its price/);
  });

  it('change one flag where it alone meets the objective', async () => {
    const objective = { lastUs: 3e6 };
    const advice = await adviceOn({ mode: '0.12.1' }, objective);
    assert.deepEqual(
      advice.changes.map(({ setting, to }) => [setting, to]),
      [['qps', '40']],
    );
  });

  it('give the effect of several changes once, as it is of all of them', async () => {
    const objective = { lastUs: 2e6 };
    const advice = await adviceOn({ mode: '0.12.1', runners: 60 }, objective);
    assert.ok(advice.changes.length > 1, 'several are needed');
    const text = writtenText(advice, objective);
    assert.equal(text.match(/last pod after .* instead of/g)?.length, 1, text);
  });

  it('say of a release without a flag for workers that it has none', async () => {
    const text = foundText(await adviceOn({ mode: '0.9.3', workers: 1 }, { lastUs: 1e6 }), { lastUs: 1e6 });
    assert.match(
      text,
      /: runners wait most for a worker: 1 worker \(\d+ % of their time\)\. 0\.9\.3 has no flag for more\./,
    );
  });

  it('blame the API server, not workers, where it has more requests than it can serve', async () => {
    const objective = { lastUs: 4e6 };
    const advice = await adviceOn({ mode: '0.13.1', runners: 120, apiLatencyUs: 40_000 }, objective);
    const text = foundText(advice, objective);
    assert.match(text, /: the API server is the limit: its answers take \d+ ms on average instead of 40\.0 ms, /);
    assert.doesNotMatch(text, /wait most for a worker/);
  });

  it('say of a limit that could be raised further that more was not tried', async () => {
    const objective = { lastUs: 6e6 };
    const advice = await adviceOn({ mode: '0.12.1', runners: 200, jitLatencyUs: 5e6 }, objective);
    const text = foundText(advice, objective);
    assert.match(text, /: runners wait most for a worker: 64 workers \(\d+ % of their time\)\. More was not tried\. /);
  });

  it('give no band whose ends read the same, and say that a limit alone takes this long', async () => {
    const advice = await adviceOn({ mode: '0.14.2', runners: 300, jitLatencyUs: 400_000 }, { lastUs: 120e6 });
    const text = writtenText(advice, { lastUs: 120e6 });
    assert.doesNotMatch(text, /\((\d[^();]*) to \1[;)]/);
    assert.match(text, /: 300 calls, 400 ms each, alone take 2 min 0 s\./);
    assert.match(
      text,
      /None comes nearer than the settings now: the last pod comes after 2 min 0 s \(.*\), \d+ ms too late\./,
    );
  });

  it('claim nothing of settings between those that were tried, and give the rate where one was asked for', async () => {
    const objective = { p95Us: 6e6, lastUs: 8e6, mostRequestsASecond: 90 };
    const advice = await adviceOn({ mode: '0.12.1', runners: 40 }, objective);
    assert.match(
      foundText(advice, objective),
      /^None of the settings that were tried meets it \(.*\): what is fast enough sends more .*, at most \d+ requests to Kubernetes within one second\.$/,
    );
    assert.match(
      growthText(advice.growth[0] as Growth, objective),
      /the last pod comes after .*, at most \d+ requests to Kubernetes within one second; /,
    );
  });

  it('say which burst goes with a rate in the table of rates, and what a pull request does that is named', async () => {
    const settings = { ...DEFAULT_SETTINGS, mode: '0.12.1', runners: 30 };
    let text = '';
    const writer = adviceWriter({ objective: {}, patch: 'helm', source: '' }, (part) => (text += part));
    const { curve, bars } = await advise(new Simulator(pool, {}, SEEDS), settings, {}, '0.12.1', writer);
    assert.ok(curve?.knob === 'qps', text);
    const rowOf = (head: string): string[] => new RegExp(`^${head} {2,}(.*)$`, 'm').exec(text)?.[1]?.split(/ +/) ?? [];
    const [rates, bursts] = [rowOf('requests a second'), rowOf('at once')].map((row) => row.map(Number));
    assert.deepEqual(rates, [10, 20, 40, 80, 160, 320]);
    assert.deepEqual(
      bursts,
      rates?.map((rate) => 1.5 * rate),
    );
    assert.match(kneeText(curve), /\d+ requests a second \(\d+ at once\)/);
    const own = bars.flatMap(({ ends }) => ends).filter(({ outcome }) => outcome.settings.qps === 40);
    assert.ok(own.length === 1 && own[0]?.outcome.settings.burst === settings.burst, 'a change alone leaves the burst');
    assert.match(text, /^ {2}Pull request #3831 of ARC: \w.*\.$/m);
    assert.doesNotMatch(text, /the queue's limiter/);
  });

  it('name what a release that was never published would need, and that it has no flags for it', async () => {
    const objective = { lastUs: 3e6 };
    const advice = await adviceOn({ mode: 'old' }, objective);
    assert.deepEqual(advice.changes, []);
    assert.match(
      foundText(advice, objective),
      /^The least that meets it \(the last pod within 3\.00 s\), .* old was never published, and has no flags for that\.$/,
    );
  });

  it('name the release that meets an objective where no setting does', async () => {
    const near = await adviceOn({ mode: '0.14.2' }, { lastUs: 3.5e6 });
    assert.equal(near.found.best, undefined);
    assert.match(
      foundText(near, { lastUs: 3.5e6 }),
      /ARC 0\.13\.1 meets it with 2 workers, .*: the last pod comes after [23]\.\d\d s .*; an upgrade check says/,
    );
    const far = await adviceOn({ mode: '0.14.2' }, { lastUs: 1.5e6 });
    const { settings } = far.otherRelease ?? assert.fail('more workers without the lock do it');
    assert.ok(settings.mode === '0.13.1' && settings.workers > 2, JSON.stringify(settings));
    assert.equal((await adviceOn({ mode: '0.14.2' }, { lastUs: 60e6 })).otherRelease, undefined, 'it is met already');
  });

  it('say that one call alone takes longer than what is wanted, and a reason once', async () => {
    const objective = { lastUs: 1_000 };
    const text = writtenText(await adviceOn({ mode: '0.12.1' }, objective), objective);
    assert.match(text, /^No setting meets it \(.*\): one JIT call alone takes 200 ms\./m);
    assert.doesNotMatch(text, /ARC \S+ meets it/);
    const both = { lastUs: 3e6, mostRequestsASecond: 20 };
    const advice = await adviceOn({ mode: '0.12.1' }, both);
    const why = /what is fast enough sends more requests/g;
    assert.equal(writtenText(advice, both).match(why)?.length, 1, 'and then that it is the same');
  });

  it('say why the start of pods changes nothing', async () => {
    const text = writtenText(await adviceOn({ mode: '0.12.1', podStartUs: 20e6 }), {});
    assert.match(text, /pods start after 20\.00 s → 40\.00 s.*\n {2}The last pod counts from when it is made, however/);
    assert.doesNotMatch(writtenText(await adviceOn({ mode: '0.12.1' }), {}), /counts from when it is made/);
  });

  it('do not say of a burst that was given up that runners get no pod at all', async () => {
    const settings = { ...DEFAULT_SETTINGS, runners: 20, mode: '0.12.1' };
    const advice = await advise(new Simulator(pool, {}, SEEDS, undefined, 3e6), settings, {}, settings.mode);
    const text = writtenText(advice, {});
    assert.match(text, /^Now some runners get no pod within 3\.00 s\./m);
    assert.doesNotMatch(text, /get no pod(?! within)/);
    assert.match(text, /With each of these some runners get no pod within 3\.00 s, too: .*workers 2 → 1/);
    assert.match(text, /requests a second 20 → 40 +last pod after 2\.\d+ s +█/, 'what helps is said to');
    assert.doesNotMatch(text, /No difference|NaN|Infinity/);
    assert.match(text, /QPS: \d+ # was 20: last pod after \d.* s; without it some runners get no pod within 3\.00 s$/m);
    const { curve } = await advise(new Simulator(pool, {}, SEEDS, undefined, 50_000), settings, {}, settings.mode);
    assert.ok(curve !== undefined, 'the release has flags');
    assert.equal(kneeText(curve), 'With each of them some runners get no pod within 50.0 ms.');
  });

  it('give whole requests where half of the seeds have one more', async () => {
    for (const runners of [12, 15, 20, 25, 30]) {
      const advice = await adviceOn({ mode: 'new', runners }, { mostRequestsASecond: 300 });
      assert.doesNotMatch(writtenText(advice, { mostRequestsASecond: 300 }), /\d\.\d+ requests/);
    }
  });

  it('give rates that a log tells in round numbers, also in the patch', async () => {
    const advice = await adviceOn({ mode: '0.12.1', qps: 4.999999999999, burst: 5 }, { lastUs: 8e6 });
    const text = writtenText(advice, { lastUs: 8e6 });
    assert.match(text, /k8sClientRateLimiterQPS: \d+ # was 5\b/);
    assert.doesNotMatch(text, /4\.99/);
  });

  it('do not count runs where the curve has tried what is found', async () => {
    const objective = { lastUs: 2e6 };
    const advice = await adviceOn({ mode: 'new', runners: 30, qps: 0 }, objective);
    assert.equal(advice.found.runs, 0, 'the test is of that');
    assert.match(foundText(advice, objective), /, after no further run: \d+ workers, no limit: /);
  });

  it('are written part by part, each as soon as it is known', async () => {
    const simulator = new Simulator(pool, {}, SEEDS);
    const parts: { readonly text: string; readonly runs: number }[] = [];
    const form = { objective: { lastUs: 3e6 }, patch: 'helm', source: '' } as const;
    const writer = adviceWriter(form, (text) => parts.push({ text, runs: simulator.runs }));
    const advice = await advise(
      simulator,
      { ...DEFAULT_SETTINGS, runners: 20, mode: '0.12.1' },
      { lastUs: 3e6 },
      '0.12.1',
      writer,
    );
    writer.end();
    const runsAt = (pattern: RegExp): number => parts.find(({ text }) => pattern.test(text))?.runs ?? NaN;
    const order = [/^Now /, /^What each change/, /^The least that meets it/].map(runsAt);
    assert.equal(order[0], SEEDS, 'the present settings alone have been simulated');
    assert.deepEqual(
      order,
      [...new Set(order)].sort((a, b) => a - b),
    );
    assert.equal(parts.map(({ text }) => text).join(''), writtenText(advice, { lastUs: 3e6 }));
  });

  it('are preceded by what the first runs of single changes show', async () => {
    const simulator = new Simulator(pool, {}, SEEDS);
    const settings = { ...DEFAULT_SETTINGS, runners: 20, mode: '0.12.1' };
    const said: { readonly text: string; readonly runs: number }[] = [];
    await firstLook(simulator, settings, (bar) => said.push({ text: barText(bar, settings), runs: bar.ends.length }));
    const ends = knobsOf(settings).reduce((sum, knob) => sum + knob.ends.length, 0);
    assert.equal(said.length, ends, 'one for each end, as soon as it is known');
    assert.match(said[0]?.text ?? '', /^workers 2 → 1: \d.* later$/);
    assert.equal(said[0]?.runs, 1);
  });

  it('speak of one call as one', async () => {
    const advice = await adviceOn({ mode: '0.14.2', runners: 1, jitLatencyUs: 5e6 });
    assert.match(writtenText(advice, {}), /one at a time .*: 1 call takes 5\.00 s\./);
  });

  it('name no change from a value to itself', async () => {
    const text = writtenText(await adviceOn({ mode: '0.14.2', workers: 1, burst: 1 }), {});
    assert.doesNotMatch(text, /(?<!\d)(\d+) → \1(?!\d)/);
    assert.match(text, /workers 1 → 2/);
  });
});

/** As the command line writes it, part by part. */
function writtenText(advice: Advice, objective: Objective): string {
  let text = '';
  const writer = adviceWriter({ objective, patch: 'helm', source: '' }, (part) => (text += part));
  writer.now?.(advice.now, advice.limitNow);
  writer.tornado?.(advice.bars, advice.now);
  writer.curve?.(advice.curve);
  writer.found?.(advice);
  for (const each of advice.growth) writer.growth?.(each);
  writer.end();
  return text;
}

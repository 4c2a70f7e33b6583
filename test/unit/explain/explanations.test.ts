import assert from 'node:assert/strict';
import { becauseOf, explainPass } from '../../../src/explain/explain-pass.ts';
import { arrowsOf } from '../../../src/analysis/causality.ts';
import { workerHoldersOf } from '../../../src/analysis/worker-holders.ts';
import { commandLineOf } from '../../../src/run/command-line.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { runCall } from '../../../src/cli/run-call.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { A_HEADER, beginPass, knownPass, knownPasses, type KnownPass } from '../../builders/traces.ts';

describe('why a pass came when it came', () => {
  const passesOf = (settings: Partial<RunSettings>): KnownPass[] => {
    const all = { ...DEFAULT_SETTINGS, mode: 'old' as const, ...settings };
    return knownPasses(simulate(all).trace);
  };
  const before = (passes: readonly KnownPass[], pass: KnownPass): KnownPass | undefined =>
    passes.filter(({ object, started }) => object === pass.object && started < pass.started).at(-1);

  it('says for old mode that the runner went to the back of the queue after its registration', () => {
    const passes = passesOf({ mode: 'old', workers: 1, runners: 3 });
    const waited = passes.filter((pass) => pass.started - pass.ready > 100_000);
    assert.ok(waited.length > 0, 'with one worker passes wait');
    const told = waited.map((pass) =>
      explainPass(pass, before(passes, pass), [], { release: 'old', workers: 1 }).join(' '),
    );
    for (const text of told)
      assert.match(
        text,
        /^Waited \d+ ms because the only worker was busy\. More workers \(Helm flags\.runnerMaxConcurrentReconciles, from ARC 0\.10\.0 on, now 1\) would shorten this\./,
      );
    assert.ok(
      told.some((text) => text.includes('In old mode a pass ends after the registration')),
      told.join('\n'),
    );
  });

  it('names the runners that the workers were with meanwhile, the longest first', () => {
    const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', workers: 1, runners: 3 });
    const events = [...trace.events()];
    const index = events.findIndex(
      (event) => event.type === 'pass' && knownPass(event).started - knownPass(event).ready > 300_000,
    );
    const pass = events[index] as KnownPass;
    const workerHolders = workerHoldersOf(trace, pass, index);
    const heldUs = workerHolders.reduce((sum, { us }) => sum + us, 0);
    const waitedUs = pass.started - pass.ready;
    assert.ok(Math.abs(heldUs - waitedUs) < waitedUs * 0.01, `one worker was held ${heldUs} of the ${waitedUs} µs`);
    const text = explainPass(pass, undefined, workerHolders).join(' ');
    assert.match(text, /Busy with runner-\d \(2\d\d ms\), runner-\d \(2\d\d ms\)\./);
    assert.match(
      explainPass(
        pass,
        undefined,
        [1, 2, 3, 4, 5].map((us) => ({ runner: `ns/r${us}`, us, actionsUs: 0 })),
      ).join(' '),
      /Busy with r1 .*, r2 .*, r3 .*, 2 more\./,
    );
  });

  /** How many passes that waited for a worker in the middle of a burst get which advice on more workers. */
  const adviceOf = (settings: Partial<RunSettings> & Pick<RunSettings, 'mode'>): { would: number; hardly: number } => {
    const all = { ...DEFAULT_SETTINGS, runners: 30, workers: 4, ...settings };
    const { trace } = simulate(all);
    const told = [...trace.events()].flatMap((event, index) => {
      if (event.type !== 'pass') return [];
      const pass = knownPass(event);
      if (pass.started - pass.ready < 1_500_000) return [];
      const knobs = { release: all.mode, workers: all.workers };
      return [explainPass(pass, undefined, workerHoldersOf(trace, pass, index), knobs).join(' ')];
    });
    const hardly =
      ' More workers would hardly help: since ARC 0.14.0 one call to the Actions service runs at a time (#4390).';
    return {
      would: told.filter((text) => /More workers \(Helm [^)]*\) would shorten this\./.test(text)).length,
      hardly: told.filter((text) => text.includes(hardly)).length,
    };
  };

  for (const release of RELEASES.all.filter(({ switches }) => switches.has(4390))) {
    it(`advises no more workers where calls that run one at a time kept them busy: ${release.id}`, () => {
      for (const workers of [1, 2, 4]) {
        const { would, hardly } = adviceOf({ mode: release.id, workers });
        assert.ok(hardly > 0 && would === 0, `${workers} workers: ${would} waits would be shorter, ${hardly} hardly`);
      }
    });
  }

  it('advises more workers where the calls run beside one another, or are not what kept them busy', () => {
    for (const settings of [
      { mode: '0.13.1' },
      { mode: '0.14.2-4390' },
      { mode: '0.14.2', jitLatencyUs: 1_000, apiLatencyUs: 40_000, qps: 0 },
    ]) {
      const { would, hardly } = adviceOf(settings);
      assert.ok(would > 0 && hardly === 0, `${settings.mode}: ${would} waits would be shorter, ${hardly} hardly`);
    }
  });

  it('advises the same for a version that logs name and that is no mode', () => {
    const [waited] = passesOf({ mode: 'new', runners: 1 });
    assert.ok(waited !== undefined, 'there is a pass');
    const busy = [{ runner: 'ns/other', us: 300_000, actionsUs: 290_000 }];
    const pass = { ...waited, queued: 0, ready: 0, started: 300_000 };
    for (const [release, isHardly] of [
      ['0.14.1', true],
      ['0.13.0', false],
      ['', false],
    ] as const) {
      const [text = ''] = explainPass(pass, undefined, busy, { release });
      assert.equal(text.includes('would hardly help'), isHardly, `${release}: ${text}`);
    }
  });

  it('counts calls that have not been answered yet, and of calls only what went by while the pass waited', () => {
    const trace = new TraceLog({ ...A_HEADER, release: '0.14.2' });
    const open = beginPass(trace, 'ns/busy', 0);
    trace.beginRequest(open, { to: 'actions', verb: 'POST', resource: 'generatejitconfig', started: 300_000 });
    const waiting = { ready: 100_000, started: 1_100_000 };
    const [holder] = workerHoldersOf(trace, waiting, trace.length);
    assert.deepEqual(holder, { runner: 'ns/busy', us: 1_000_000, actionsUs: 800_000 });
  });

  it('does not blame the mode in new mode', () => {
    const passes = passesOf({ mode: 'new', workers: 1, runners: 3 });
    for (const pass of passes) {
      assert.ok(!explainPass(pass, before(passes, pass), [], { release: 'new' }).join(' ').includes('old mode'));
    }
  });

  it('is the back-off after a requeue, with its length and the number of the try', () => {
    const passes = passesOf({ mode: 'old', runners: 1 });
    const again = passes.find(({ trigger }) => trigger === 'requeue');
    assert.ok(again !== undefined, 'old mode asks for a requeue after the secret');
    assert.match(
      explainPass(again, before(passes, again)).join(' '),
      /^Waited 5\.0 ms, the back-off before try 2, because the previous pass requested a requeue\./,
    );
  });

  it("is the client's limiter, with the kinds of object that it held back", () => {
    const passes = passesOf({ mode: 'new', runners: 60, workers: 10, jitLatencyUs: 1_000 });
    const held = passes.find(({ requests }) =>
      requests.some(({ resource, throttled }) => resource === 'secrets' && throttled > 100_000),
    );
    assert.ok(held !== undefined, 'sixty runners at once are more than 20 requests a second');
    const text = explainPass(held, undefined, [], { qps: 20, burst: 30 }).join(' ');
    assert.match(text, /Waited .* for the controller's own rate limit on requests for .*secrets/);
    assert.match(text, /flags\.k8sClientRateLimiterQPS, now 20; flags\.k8sClientRateLimiterBurst, now 30/);
  });

  it('says what a pass that did not wait spent its time with', () => {
    const passes = passesOf({ mode: 'new', runners: 1, jitLatencyUs: 300_000, apiLatencyUs: 15_000 });
    const told = passes.map((pass) => explainPass(pass, before(passes, pass)).join(' '));
    assert.ok(
      told.some((text) => /^Spent all \d+\.\d ms waiting for the API server \(PATCH ephemeralrunners\)\.$/.test(text)),
      told.join('\n'),
    );
    assert.ok(
      told.some((text) =>
        /Spent \d+ ms of \d+ ms waiting for the Actions service \(POST generatejitconfig\), blocking the worker\./.test(
          text,
        ),
      ),
      told.join('\n'),
    );
  });

  it('says because of what it came, in words', () => {
    const passes = passesOf({ mode: 'old', runners: 1 });
    const told = passes.map((pass) => becauseOf(pass, before(passes, pass)));
    for (const reason of [
      'because: the runner is new',
      "because: the runner's finalizers changed",
      "because: the runner's status changed",
      'because: the previous pass requested a requeue',
      'because: its pod is new',
    ]) {
      assert.ok(told.includes(reason), `nobody said ${reason}: ${told.join(', ')}`);
    }
  });

  it('is that its own pass before had to end, where that is what it waited for', () => {
    const [pass] = passesOf({ mode: 'new', runners: 1 });
    assert.ok(pass !== undefined, 'there is a pass');
    const waited = { ...pass, ready: 0, queued: 0, started: 300_000 };
    const own = { runner: pass.object, us: 299_000, actionsUs: 0 };
    assert.match(explainPass(waited, undefined, [own])[0] ?? '', /Waited 300 ms for its previous pass to end/);
    // A moment of its own among the passes of others is not worth a word.
    const text = explainPass(waited, undefined, [
      { runner: 'ns/other', us: 290_000, actionsUs: 0 },
      { ...own, us: 272 },
    ]).join(' ');
    assert.match(text, /Busy with other \(290 ms\)\./);
  });

  it('is followed by an arrow from the request that queued the next pass', () => {
    const passes = passesOf({ mode: 'new', runners: 1 });
    const mine = passes.filter(({ object }) => object === passes[0]?.object);
    let arrows = 0;
    for (const [index, pass] of mine.entries()) {
      for (const { fromUs, toUs } of arrowsOf(pass, mine[index + 1])) {
        arrows++;
        const isInside = fromUs >= pass.started && fromUs <= pass.ended;
        assert.ok(isInside, 'an arrow begins at a request of the pass, or at its end');
        assert.equal(toUs, mine[index + 1]?.queued);
      }
    }
    assert.ok(arrows >= 2, `${arrows} arrows among ${mine.length} passes`);
  });
});

describe('the command line of a session', () => {
  it('gives the settings back when arc-lab reads it', () => {
    const changes: Partial<RunSettings>[] = [
      {},
      { workers: 7, qps: 0, burst: 5, seed: 42 },
      { jitLatencyUs: 1_500_000, apiLatencyUs: 250, podStartUs: 0, jobDurationUs: 90_000_000 },
    ];
    for (const change of changes) {
      for (const mode of ['old', 'new'] as const) {
        const settings: RunSettings = { ...DEFAULT_SETTINGS, mode, runners: 12, ...change };
        const words = commandLineOf(settings, { kind: 'embedded' }).split(' ');
        assert.deepEqual(words.slice(0, 3), ['npx', 'arc-lab', 'run']);
        assert.deepEqual(runCall(words.slice(3)).settings, settings, words.join(' '));
      }
    }
  });

  it('names the cluster, and quotes what a shell would take apart', () => {
    const settings: RunSettings = { ...DEFAULT_SETTINGS, mode: 'new' };
    const target = { kind: 'attached', context: "it's mine", namespace: '', apply: false, simulatePods: true } as const;
    assert.equal(
      commandLineOf(settings, target),
      `npx arc-lab run --mode new --context 'it'\\''s mine' --all-namespaces`,
    );
  });
});

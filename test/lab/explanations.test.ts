import assert from 'node:assert/strict';
import { arrowsOf, explainPass } from '../../src/lab/explain-pass.ts';
import { occupantsOf } from '../../src/lab/occupants.ts';
import { commandLineOf } from '../../src/lab/command-line.ts';
import { simulate } from '../../src/lab/embedded-run.ts';
import { DEFAULT_SETTINGS, type LabSettings } from '../../src/lab/settings.ts';
import { parse, SHARED, settingLists, singleSettings } from '../../src/cli/options.ts';
import type { PassEvent } from '../../src/trace/model.ts';

describe('why a pass came when it came', () => {
  const passesOf = (settings: Partial<LabSettings>): PassEvent[] => {
    const all = { ...DEFAULT_SETTINGS, mode: 'old' as const, ...settings };
    return [...simulate(all).trace.passes()];
  };
  const before = (passes: readonly PassEvent[], pass: PassEvent): PassEvent | undefined =>
    passes.filter(({ runner, started }) => runner === pass.runner && started < pass.started).at(-1);

  it('is told for old mode: the runner went to the back of the queue after its registration', () => {
    const passes = passesOf({ mode: 'old', workers: 1, runners: 3 });
    const waited = passes.filter((pass) => pass.started - pass.ready > 100_000);
    assert.ok(waited.length > 0, 'with one worker passes wait');
    const told = waited.map((pass) => explainPass(pass, before(passes, pass)).join(' '));
    for (const text of told) assert.match(text, /waited \d+ ms in the queue: every worker was busy/);
    assert.ok(
      told.some((text) => text.includes('In old mode a pass ends after the registration')),
      told.join('\n'),
    );
  });

  it('names the runners that the workers were with meanwhile, the longest first', () => {
    const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', workers: 1, runners: 3 });
    const events = [...trace.events()];
    const index = events.findIndex((event) => event.type === 'pass' && event.started - event.ready > 300_000);
    const pass = events[index] as PassEvent;
    const occupants = occupantsOf(trace, pass, index);
    const heldUs = occupants.reduce((sum, { us }) => sum + us, 0);
    const waitedUs = pass.started - pass.ready;
    assert.ok(Math.abs(heldUs - waitedUs) < waitedUs * 0.01, `one worker was held ${heldUs} of the ${waitedUs} µs`);
    const text = explainPass(pass, undefined, occupants).join(' ');
    assert.match(text, /They were with runner-\d \(2\d\d ms\), runner-\d \(2\d\d ms\), its own pass before \(/);
    assert.match(
      explainPass(
        pass,
        undefined,
        [1, 2, 3, 4, 5].map((us) => ({ runner: `ns/r${us}`, us })),
      ).join(' '),
      /They were with r1 .*, r2 .*, r3 .*, 2 more\./,
    );
  });

  it('does not blame the mode in new mode', () => {
    const passes = passesOf({ mode: 'new', workers: 1, runners: 3 });
    for (const pass of passes) {
      assert.ok(!explainPass(pass, before(passes, pass)).join(' ').includes('old mode'));
    }
  });

  it('is the back-off after a requeue, with its length and the number of the try', () => {
    const passes = passesOf({ mode: 'old', runners: 1 });
    const again = passes.find(({ trigger }) => trigger === 'requeue');
    assert.ok(again !== undefined, 'old mode asks for a requeue after the secret');
    assert.match(
      explainPass(again, before(passes, again)).join(' '),
      /asked for a requeue: back-off of 5\.0 ms before try 2/,
    );
  });

  it("is the client's limiter, with the kinds of object that it held back", () => {
    const passes = passesOf({ mode: 'new', runners: 60, workers: 10, jitLatencyUs: 1_000 });
    const held = passes.find(({ requests }) =>
      requests.some(({ resource, throttled }) => resource === 'secrets' && throttled > 100_000),
    );
    assert.ok(held !== undefined, 'sixty runners at once are more than 20 requests a second');
    assert.match(
      explainPass(held, undefined).join(' '),
      /client-side limiter held its requests on .*secrets.* back for/,
    );
  });

  it('is followed by an arrow from the request that queued the next pass', () => {
    const passes = passesOf({ mode: 'new', runners: 1 });
    const mine = passes.filter(({ runner }) => runner === passes[0]?.runner);
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
    const changes: Partial<LabSettings>[] = [
      {},
      { workers: 7, qps: 0, burst: 5, seed: 42 },
      { jitLatencyUs: 1_500_000, apiLatencyUs: 250, podStartUs: 0, jobDurationUs: 90_000_000, syncPeriodUs: 1_000 },
    ];
    for (const change of changes) {
      for (const mode of ['old', 'new'] as const) {
        const settings: LabSettings = { ...DEFAULT_SETTINGS, mode, runners: 12, ...change };
        const words = commandLineOf(settings, { kind: 'embedded' }).split(' ');
        assert.deepEqual(words.slice(0, 2), ['arc-lab', 'run']);
        const values = parse(words.slice(2), [...SHARED, 'mode', 'sync-period'], []);
        const read = { ...singleSettings(values, ['mode']), mode: settingLists(values).mode?.[0] };
        assert.deepEqual(read, settings, words.join(' '));
      }
    }
  });

  it('names the cluster, and quotes what a shell would take apart', () => {
    const settings: LabSettings = { ...DEFAULT_SETTINGS, mode: 'new' };
    const target = { kind: 'attached', context: "it's mine", namespace: '', apply: false, simulatePods: true } as const;
    assert.equal(
      commandLineOf(settings, target),
      `arc-lab run --mode new --context 'it'\\''s mine' --all-namespaces --simulate-pods`,
    );
  });
});

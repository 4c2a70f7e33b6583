import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { RunnerTable } from '../../../src/model/runner-table.ts';
import { withoutCredentials } from '../../../src/model/without-credentials.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS, type RunSettings } from '../../../src/run/settings.ts';
import { knownPasses } from '../../builders/traces.ts';

describe('what the tree says of runners', () => {
  /** Runs in virtual time and looks at every runner every two milliseconds. */
  function observe(
    settings: Partial<RunSettings>,
    forUs: number,
    actions?: ConstructorParameters<typeof EmbeddedRig>[0]['actions'],
    untilUs = Infinity,
  ): {
    table: RunnerTable;
    rig: EmbeddedRig;
    words: Set<string>;
    changed: Set<string>;
  } {
    const clock = new VirtualClock();
    const table = new RunnerTable(
      () => clock.nowUs(),
      (text) => text,
    );
    const rig = new EmbeddedRig({
      clock,
      settings: { ...DEFAULT_SETTINGS, mode: 'old', ...settings },
      epochMs: VIRTUAL_EPOCH_MS,
      observers: [table],
      ...(actions === undefined ? {} : { actions }),
    });
    rig.start();
    table.follow(rig.controllers, rig.trace);
    rig.runnerSet.create(settings.runners ?? 3, () => undefined);
    const words = new Set<string>();
    const changed = new Set<string>();
    for (let atUs = 0; atUs < forUs; atUs += 2_000) {
      clock.schedule(atUs, look, undefined);
    }
    function look(): void {
      for (const key of table.takeChanged()) changed.add(key);
      for (const key of table.index.columns.keys) words.add(table.describe(key)?.waits.replace(/\d[\d.]*/g, '#') ?? '');
    }
    clock.run(untilUs);
    return { table, rig, words, changed };
  }

  it('says of a run that was stopped that runners waited then, and do not any more', () => {
    const { rig, table } = observe({ runners: 4, workers: 1, jitLatencyUs: 200_000 }, 2_000, undefined, 150_000);
    rig.trace.end(150_000);
    const said = table.index.columns.keys.map((key) => table.describe(key)?.waits);
    for (const text of said) {
      assert.match(text ?? '', /^(was in a pass|for a worker [\d.]+ ms) when stopped$/, 'what for, and how long');
    }
    assert.ok(
      said.some((text) => text?.startsWith('for a worker')),
      'three of four wait for the only worker',
    );
  });

  it('names each kind of wait while it lasts', () => {
    const { words } = observe({ runners: 4, workers: 1 }, 2_000_000);
    for (const wait of [
      'waiting for a worker, # in the queue',
      'back-off # ms, #nd try',
      'Actions service: generatejitconfig',
      'patch ephemeralrunners',
      'create pods',
      'pod pending',
    ]) {
      assert.ok(words.has(wait), `nobody said ${JSON.stringify(wait)}; said were\n${[...words].join('\n')}`);
    }
  });

  it("says when the client's limiter holds a request back", () => {
    const { words } = observe({ runners: 60, workers: 10, jitLatencyUs: 1_000 }, 3_000_000);
    assert.ok(
      [...words].some((text) => text.startsWith('throttled by client limiter: ')),
      [...words].join('\n'),
    );
  });

  it('counts runners by state and says what each is made of', () => {
    const { table } = observe({ runners: 5, podStartUs: 300_000 }, 3_000_000);
    assert.equal(table.index.counts.running, 5);
    for (const key of table.index.columns.keys) {
      const about = table.describe(key);
      assert.equal(about?.state, 'running');
      assert.equal(about.set, 'lab');
      assert.equal(about.waits, 'job running');
      assert.equal(about.finalizers.length, 2);
      assert.ok(about.runnerId > 0 && about.hasJitConfig && about.hasSecret, 'registered, with a secret');
      assert.equal(about.pod?.phase, 'Running');
      assert.equal(about.last?.result, 'done');
    }
  });

  it('counts and times the first pass of a runner that comes while a worker is idle, as the trace does', () => {
    const clock = new VirtualClock();
    const table = new RunnerTable(
      () => clock.nowUs(),
      (text) => text,
    );
    const settings = { ...DEFAULT_SETTINGS, mode: 'new' as const };
    const rig = new EmbeddedRig({ clock, settings, epochMs: VIRTUAL_EPOCH_MS, observers: [table] });
    rig.start();
    table.follow(rig.controllers, rig.trace);
    clock.schedule(600_000_000, () => rig.runnerSet.create(1, () => undefined), undefined);
    clock.run();
    const [key = ''] = table.index.columns.keys;
    const passes = knownPasses(rig.trace);
    const about = table.describe(key);
    assert.equal(about?.passes, passes.length);
    assert.equal(about.longestUs, Math.max(...passes.map(({ started, ended }) => ended - started)));
    const [first] = [...rig.trace.events()];
    assert.equal(first?.type, 'object', 'the runner is in the trace before its first pass');
  });

  it('gives the last pass that has ended its own number, whatever has begun since, as the timeline does', () => {
    for (let untilUs = 10_000; untilUs < 900_000; untilUs += 37_000) {
      const { table, rig } = observe({ runners: 3, workers: 2 }, 1_000, undefined, untilUs);
      for (const key of table.index.columns.keys) {
        const ended = [...rig.trace.passes()].filter((pass) => pass.object === key && 'ended' in pass);
        assert.equal(table.describe(key)?.last?.number ?? 0, ended.length, `${key} after ${untilUs} µs`);
      }
    }
  });

  it('forgets runners that are gone', () => {
    const { table, changed } = observe({ runners: 5, podStartUs: 100_000, jobDurationUs: 200_000 }, 10_000_000);
    assert.equal(table.index.size, 0);
    assert.deepEqual(Object.values(table.index.counts), [0, 0, 0, 0, 0]);
    assert.equal(changed.size, 5);
  });

  it('keeps no changes of runners that are gone for a tree that is hidden', () => {
    const { table, rig } = observe({ runners: 20, podStartUs: 100_000, jobDurationUs: 200_000 }, 0);
    assert.ok(rig.trace.passCount > 100, 'something happened that nobody looked at');
    assert.equal(table.takeChanged().size, 0);
  });

  it('shows objects without JIT configs and without the values of secrets', () => {
    const { table } = observe({ runners: 1 }, 2_000_000);
    const [key = ''] = table.index.columns.keys;
    const runner = table.runner(key);
    const jit = runner?.status?.runnerJITConfig ?? '';
    assert.ok(jit.length > 10, 'there is a JIT config to hide');
    assert.ok(!JSON.stringify(withoutCredentials(runner as never)).includes(jit));
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { token: 'aGlkZGVu' } };
    assert.deepEqual(withoutCredentials(secret as never), {
      ...secret,
      data: { token: '(present, not shown)' },
    });
  });
});

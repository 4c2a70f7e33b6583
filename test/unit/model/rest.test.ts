import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { restOf, type Rest } from '../../../src/model/rest.ts';
import { RunnerTable } from '../../../src/model/runner-table.ts';
import { RunSession } from '../../../src/run/session.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS, type RunSettings } from '../../../src/run/settings.ts';

/** Runs in virtual time until nothing is scheduled any more. */
function restAfter(settings: Partial<RunSettings>): Rest {
  const clock = new VirtualClock();
  const table = new RunnerTable(
    () => clock.nowUs(),
    (text) => text,
  );
  const all: RunSettings = { ...DEFAULT_SETTINGS, mode: 'new', podStartUs: 2_000_000, ...settings };
  const rig = new EmbeddedRig({ clock, settings: all, epochMs: VIRTUAL_EPOCH_MS, observers: [table] });
  rig.start();
  table.follow(rig.controllers, rig.trace);
  rig.runnerSet.create(all.runners, () => undefined);
  clock.run();
  return restOf(table);
}

describe('a session on the embedded cluster ends by itself when nothing is left to do', () => {
  const over: readonly [string, Partial<RunSettings>, RegExp][] = [
    [
      'jobs that run for ever are under way',
      { runners: 30 },
      /^All 30 runners have their pods; nothing is left to do\.$/,
    ],
    ['the only job is under way', { runners: 1 }, /^The runner has its pod; nothing is left to do\.$/],
    ['all jobs have ended', { runners: 4, jobDurationUs: 3_000_000 }, /^All 4 runners have finished; nothing/],
    ['runners were given up', { runners: 2, pods: 'fails-at-start' }, /^Both runners have failed; nothing is left/],
    ['the only runner was given up', { runners: 1, pods: 'fails-at-start' }, /^The runner has failed; nothing is left/],
    ['no runner was wanted', { runners: 0 }, /^There are no runners; nothing is left to do\.$/],
  ];
  for (const [name, settings, sentence] of over) {
    it(`is over when ${name}`, () => {
      const rest = restAfter(settings);
      assert.match(rest.text, sentence);
      assert.equal(rest.isOver, true);
    });
  }

  it('does not end with a stuck pod, and says what it waits for', () => {
    const stuck = restAfter({ runners: 3, pods: 'image-pull-back-off' });
    assert.equal(stuck.isOver, false);
    assert.match(stuck.text, /^3 of 3 runners are stuck: .*ImagePullBackOff.* Nothing is scheduled/);
    assert.match(stuck.reason, /ImagePullBackOff/);
    const withoutNodes = restAfter({ runners: 1, podStartUs: undefined });
    assert.equal(withoutNodes.isOver, false);
    assert.match(withoutNodes.text, /^The runner is stuck: .*pending/);
  });

  it('is at rest once, is woken by what is asked of it, and comes to rest again', async () => {
    const settings: RunSettings = {
      ...DEFAULT_SETTINGS,
      mode: 'new',
      runners: 2,
      jitLatencyUs: 1_000,
      podStartUs: 1_000,
    };
    const session = RunSession.embedded(settings, {});
    const told: (string | undefined)[] = [];
    let next: (() => void) | undefined;
    session.watchRest((rest) => {
      told.push(rest?.text);
      if (rest !== undefined) next?.();
    });
    const rest = (): Promise<void> => new Promise((resolve) => (next = resolve));
    await rest();
    const again = rest();
    await session.createRunners(1);
    await again;
    const gone = rest();
    session.reconcileNow('arc-runners/runner-1');
    await gone;
    await session.stop();
    const both = 'Both runners have their pods; nothing is left to do.';
    const three = 'All 3 runners have their pods; nothing is left to do.';
    assert.deepEqual(told, [undefined, both, undefined, three, undefined, three]);
  });
});

describe('the creation of many runners', () => {
  it('can be followed and cancelled: what was asked for is answered and no more is asked for', async () => {
    const settings: RunSettings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 30_000, jitLatencyUs: 1_000 };
    const session = RunSession.embedded(settings, {});
    while ((session.creation?.answered ?? 0) < 20) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(session.creation?.count, 30_000);
    session.creation?.cancel();
    const { count = 0 } = session.creation ?? {};
    assert.ok(count >= 20 && count < 30_000, `${count} were asked for`);
    while (session.creation?.answered !== count) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(session.table.index.added <= count, true);
    await session.stop();
  });

  it('keeps to a rate', () => {
    const clock = new VirtualClock();
    const settings: RunSettings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 0 };
    const rig = new EmbeddedRig({ clock, settings, epochMs: VIRTUAL_EPOCH_MS });
    rig.start();
    let doneUs = 0;
    rig.runnerSet.create(11, () => (doneUs = clock.nowUs()), 500_000);
    clock.run();
    assert.ok(doneUs >= 5_000_000 && doneUs < 5_100_000, `two a second take 5 s for eleven, not ${doneUs} µs`);
  });
});

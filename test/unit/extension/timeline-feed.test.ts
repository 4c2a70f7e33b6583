import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { ShownSession } from '../../../src/extension/run.ts';
import { TimelineFeed } from '../../../src/extension/timeline-feed.ts';
import { EmbeddedLab } from '../../../src/lab/embedded-lab.ts';
import { RunnerTable } from '../../../src/lab/runner-table.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/lab/settings.ts';
import type { HostMessage } from '../../../src/protocol.ts';
import { BarStore, type Bar } from '../../../src/timeline/bar-store.ts';
import { BarKind } from '../../../src/timeline/bars.ts';
import { unpackBars } from '../../../src/timeline/packed-bars.ts';

const RUNNERS = 4;

describe('what the page of a timeline is told', () => {
  it('is the waits and the passes that last, and once more when none do, then nothing', () => {
    const { feed, clock, look } = live();
    const told: HostMessage[][] = [];
    look(() => told.push([...feed.take()]));
    clock.run();
    const open = told.map((messages) => barsOf(messages).flatMap((message) => message.open));
    for (const kind of [BarKind.pass, BarKind.queued, BarKind.backoff]) {
      assert.ok(
        open.some((bars) => bars.some((bar) => bar.kind === kind)),
        `no bar of the kind ${kind} was shown while it lasted`,
      );
    }
    const last = open.findLastIndex((bars) => bars.length > 0);
    assert.deepEqual(
      barsOf(told[last + 1] ?? []).map(({ open: left }) => left),
      [[]],
      'the page is told that nothing lasts any more',
    );
    assert.deepEqual(told.at(-1), [], 'nothing is said where nothing has happened');
  });

  it('is the session anew when its time turns out to begin elsewhere', () => {
    const { feed, shown } = live();
    assert.deepEqual([...feed.take()], []);
    shown.lab.originUs = 70_000;
    const origins = [...feed.take()].map((message) => message.type === 'session' && message.session.originUs);
    assert.deepEqual(origins, [70_000]);
    assert.deepEqual([...feed.take()], []);
  });

  it('is the same in pieces as at once, to a page that begins anew', () => {
    const { clock, sources } = live();
    clock.run();
    const whole = new TimelineFeed(sources);
    const bit = new TimelineFeed(sources);
    const pieces: HostMessage[] = [];
    while (bit.pending) pieces.push(...bit.take(3));
    const atOnce = [...whole.take()];
    assert.equal(barsOf(atOnce).length, 1);
    assert.ok(barsOf(pieces).length > 5, 'three events at a time are many messages');
    assert.deepEqual(sum(pieces), sum(atOnce));
  });

  it('is why a pass came when it came, and its place among those of its runner', () => {
    const { clock, sources, lab } = live();
    clock.run();
    const feed = new TimelineFeed(sources);
    assert.equal(feed.detail('live', 0), undefined, 'a pass that the page has not heard of');
    for (const _ of feed.take());
    const passes = [...lab.trace.passes()];
    const second = passes.findIndex(
      ({ runner }, index) => passes.findIndex((other) => other.runner === runner) !== index,
    );
    const detail = feed.detail('live', second);
    assert.deepEqual(detail?.event, passes[second]);
    assert.equal(detail?.ofRunner.index, 2);
    assert.equal(detail.ofRunner.count, passes.filter(({ runner }) => runner === detail.event.runner).length);
    assert.ok(detail.why.length > 0, 'it is said why it came');
    assert.deepEqual(feed.pass('live', second), passes[second]);
    assert.equal(feed.detail('live', passes.length), undefined);
    assert.equal(feed.detail('another', second), undefined);
  });
});

type Bars = Extract<HostMessage, { type: 'bars' }>;

function barsOf(messages: readonly HostMessage[]): Bars[] {
  return messages.filter((message) => message.type === 'bars');
}

/** All lanes, words and bars, whatever messages they came in. */
function sum(messages: readonly HostMessage[]): object {
  const told = barsOf(messages);
  const store = new BarStore();
  for (const { batches } of told) for (const batch of batches) store.append(unpackBars(batch));
  const bars: Bar[] = [];
  for (let lane = 0; lane < store.lanes; lane++) store.forEach(lane, -Infinity, Infinity, (bar) => bars.push(bar));
  return { lanes: told.flatMap(({ lanes }) => lanes), words: told.flatMap(({ words }) => words), bars };
}

/** A session in virtual time, of which a feed sees what it sees of real ones. */
function live() {
  const clock = new VirtualClock();
  const settings = { ...DEFAULT_SETTINGS, runners: RUNNERS, workers: 1, podStartUs: 300_000, mode: 'old' as const };
  const table = new RunnerTable(
    () => clock.nowUs(),
    (text) => text,
  );
  const lab = new EmbeddedLab({ clock, settings, epochMs: VIRTUAL_EPOCH_MS, observers: [table] });
  lab.start();
  table.follow(lab.manager, lab.trace);
  lab.runnerSet.create(RUNNERS, () => undefined);
  const shown = {
    id: 'live',
    name: 'live 1',
    colour: 0,
    settings,
    target: { kind: 'embedded' },
    ended: false,
    lab: {
      ...{ trace: lab.trace, table, manager: lab.manager, originUs: 0 },
      ...{ nowUs: () => clock.nowUs(), manifests: { get: () => undefined } },
    },
  };
  const session = shown as unknown as ShownSession;
  const info = {
    id: 'live',
    name: 'live 1',
    mode: 'old',
    kind: 'embedded' as const,
    source: 'embedded',
    colour: 0,
    live: true,
    originUs: 0,
  };
  const sources = [{ info, trace: lab.trace, session }];
  const look = (at: () => void): void => {
    for (let atUs = 0; atUs < 4_000_000; atUs += 2_000) clock.schedule(atUs, at, undefined);
  };
  return { clock, lab, shown, sources, look, feed: new TimelineFeed(sources) };
}

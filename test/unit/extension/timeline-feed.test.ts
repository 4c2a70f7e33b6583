import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { ShownSession } from '../../../src/extension/run.ts';
import { TimelineFeed } from '../../../src/extension/timeline-feed.ts';
import type { KubernetesEvent } from '../../../src/kubernetes/types.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { RunnerTable } from '../../../src/model/runner-table.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS, type RunSettings } from '../../../src/run/settings.ts';
import type { HostMessage, SessionInfo } from '../../../src/protocol.ts';
import { BarStore, type Bar } from '../../../src/timeline/bar-store.ts';
import { BarKind, Track, TRACK_OF_KIND } from '../../../src/timeline/bars.ts';
import { waitingIn } from '../../builders/traces.ts';

const RUNNERS = 4;

describe('what the page of a timeline receives', () => {
  it('is the waits and the passes that last, then that nothing does, then nothing', () => {
    const { feed, clock, look } = live();
    const store = new BarStore();
    const seen = new Set<number>();
    let last: HostMessage[] = [];
    look(() => {
      last = [...feed.take()];
      for (const { bars } of barsOf(last)) store.append(bars);
      for (const { kind } of openFlow(store)) seen.add(kind);
    });
    clock.run();
    assert.deepEqual(
      [...seen].sort(),
      [BarKind.queued, BarKind.backoff, BarKind.pass],
      'not all were shown while they lasted',
    );
    assert.deepEqual(openFlow(store), [], 'the page hears that nothing lasts any more');
    assert.deepEqual(last, [], 'nothing is said where nothing has happened');
  });

  it('is what is said of the session again when its connection is lost, when it is back and when conditions change', () => {
    const { feed, clock, rig, shown } = live();
    const told = (): SessionInfo[] =>
      [...feed.take()].flatMap((message) => (message.type === 'session' ? [message.session] : []));
    clock.run(5_000_000);
    told();
    assert.deepEqual(told(), [], 'nothing has changed');
    const run = shown.run as { blindSinceUs?: number | undefined };
    run.blindSinceUs = 3_000_000;
    assert.deepEqual(
      told().map(({ blind }) => blind),
      [[{ fromUs: 3_000_000, toUs: null }]],
    );
    assert.deepEqual(told(), [], 'the page knows it already');
    rig.trace.addMark({ at: 3_000_000, until: 5_000_000, what: 'gap' });
    run.blindSinceUs = undefined;
    assert.deepEqual(
      told().map(({ blind }) => blind),
      [[{ fromUs: 3_000_000, toUs: 5_000_000 }]],
    );
    rig.trace.addMark({ at: 5_000_000, what: 'fault', text: 'API request takes 1 s' });
    assert.match(told()[0]?.about ?? '', /from 5\.00 s on: API request takes 1 s$/);
  });

  it('is an open bar for every runner that waits, in the message that brings its lane, and after the stop too', () => {
    const { feed, clock, rig, shown } = live({ runners: 3_000, qps: 0, jitLatencyUs: 600_000_000 });
    const store = new BarStore();
    const take = (): void => {
      for (const { bars } of barsOf([...feed.take()])) store.append(bars);
    };
    clock.run(90_000_000);
    const waiting = waitingIn(rig.trace).length;
    assert.ok(waiting > 2_900, `${waiting} runners wait`);
    const everyRunner = Array.from({ length: 3_000 }, (_, lane) => lane);
    take();
    assert.deepEqual(
      openFlow(store).map(({ lane }) => lane),
      everyRunner,
      'a runner that waits has no bar',
    );
    const bytes = barsOf([...feed.take()]).length;
    assert.equal(bytes, 0, 'what goes on as it was is not sent again');
    rig.trace.end(clock.nowUs());
    shown.ended = true;
    take();
    assert.deepEqual(
      openFlow(store).map(({ lane }) => lane),
      everyRunner,
      'the stop took a bar away',
    );
  });

  it('is the session from the start when its time turns out to begin elsewhere', () => {
    const { feed, shown } = live();
    assert.deepEqual(sessionsOf([...feed.take()]), []);
    shown.run.originUs = 70_000;
    assert.deepEqual(sessionsOf([...feed.take()]), [70_000]);
    assert.deepEqual([...feed.take()], []);
  });

  it('is the time, once a second where nothing else happens', () => {
    const { feed, clock, look } = live();
    const times: number[] = [];
    look(() => {
      for (const { nowUs } of barsOf([...feed.take()])) times.push(nowUs);
    });
    clock.run();
    const gaps = times.slice(1).map((us, index) => us - (times[index] as number));
    assert.ok(Math.max(...gaps) <= 1_002_000, `the page did not hear the time for ${Math.max(...gaps)} µs`);
  });

  it('is what a pass that has not ended waits for, and since when', () => {
    const { feed, clock, rig } = live({ jitLatencyUs: 60_000_000 });
    clock.run(31_000_000);
    for (const _ of feed.take());
    const [number = -1] = rig.trace.running();
    const detail = feed.detail('live', number);
    assert.equal(detail?.event.ended, undefined);
    assert.equal(detail?.event.object, 'arc-runners/runner-1');
    assert.match(
      detail.why[0] ?? '',
      /^The Actions service has not answered POST generatejitconfig for 30\.\d+ s\. Worker 1 has been held for 30\.\d+ s\.$/,
    );
    clock.run(300_000_000);
    for (const _ of feed.take());
    assert.notEqual(feed.detail('live', number)?.event.ended, undefined, 'the number stays that of the pass');
  });

  it('is the same in pieces as at once, to a page that starts again', () => {
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
    const { clock, sources, rig } = live();
    clock.run();
    const feed = new TimelineFeed(sources);
    assert.equal(feed.detail('live', 0), undefined, 'a pass that the page has not heard of');
    for (const _ of feed.take());
    const passes = [...rig.trace.passes()];
    const second = passes.findIndex(
      ({ object }, index) => passes.findIndex((other) => other.object === object) !== index,
    );
    const detail = feed.detail('live', second);
    assert.deepEqual(detail?.event, passes[second]);
    assert.equal(detail?.ofRunner.index, 2);
    assert.equal(detail.ofRunner.count, passes.filter(({ object }) => object === detail.event.object).length);
    assert.ok(detail.why.length > 0, 'it is said why it came');
    assert.deepEqual(feed.pass('live', second), passes[second]);
    assert.equal(feed.detail('live', passes.length), undefined);
    assert.equal(feed.detail('another', second), undefined);
  });
  it('is what the runner that it shows waits for, whenever that changes, until another thing is shown', () => {
    const { clock, sources, rig, shown } = live({ mode: 'new', pods: 'image-pull-back-off', workers: 1 });
    const feed = new TimelineFeed(sources);
    const told: string[] = [];
    const take = (): void => {
      for (const message of feed.take()) if (message.type === 'runner') told.push(message.detail.happened);
    };
    feed.follow('live', 'arc-runners/runner-4');
    for (let seconds = 0; seconds < 60; seconds += 0.05) {
      clock.run(seconds * 1e6);
      take();
    }
    assert.match(told[0] ?? '', /waiting for a worker|no pod/);
    assert.match(told.at(-1) ?? '', /^Pod cannot pull its image \((ErrImagePull|ImagePullBackOff)\)/);
    const count = told.length;
    assert.ok(count < 50, `${count} times in a minute`);
    shown.ended = true;
    rig.trace.end(clock.nowUs());
    take();
    take();
    assert.ok(told.length <= count + 1, 'what has not changed is sent again');
    feed.unfollow();
    take();
    feed.follow('live', 'arc-runners/runner-1');
    take();
    assert.ok(told.length <= count + 2 && told.length > count, 'a runner that is asked for is sent at once');
  });

  it('is what the events of a pod say, when they have come', async () => {
    const { clock, sources, shown } = live({ mode: 'new', pods: 'slow-node', runners: 1 });
    const feed = new TimelineFeed(sources);
    const asked: string[] = [];
    const event = { reason: 'FailedMount', message: 'no such secret', type: 'Warning', involvedObject: {} };
    shown.run.podEvents = (key) => {
      asked.push(key);
      return Promise.resolve([{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'e' }, ...event }]);
    };
    clock.run(20e6);
    feed.follow('live', 'arc-runners/runner-1');
    const happened = (): string | undefined =>
      [...feed.take()].flatMap((message) => (message.type === 'runner' ? [message.detail.happened] : []))[0];
    assert.match(happened() ?? '', /^pod pending/);
    await Promise.resolve();
    clock.run(21e6);
    assert.match(happened() ?? '', /^A volume of the pod cannot be mounted \(FailedMount\): no such secret\./);
    clock.run(25e6);
    happened();
    assert.deepEqual(asked, ['arc-runners/runner-1'], 'asked for too often');
  });
});

type Bars = Extract<HostMessage, { type: 'bars' }>;

function barsOf(messages: readonly HostMessage[]): Bars[] {
  return messages.filter((message) => message.type === 'bars');
}

/** The origins that the page receives. */
function sessionsOf(messages: readonly HostMessage[]): number[] {
  return messages.filter((message) => message.type === 'session').map(({ session }) => session.originUs);
}

/** Waits and passes without an end, by lane. */
function openFlow(store: BarStore): Bar[] {
  const open: Bar[] = [];
  for (let lane = 0; lane < store.lanes; lane++) {
    store.forEach(lane, -Infinity, Infinity, (bar) => {
      if (bar.endUs === Infinity && TRACK_OF_KIND[bar.kind] === Track.flow) open.push(bar);
    });
  }
  return open;
}

/** All lanes, words and bars, whatever messages they came in. */
function sum(messages: readonly HostMessage[]): object {
  const told = barsOf(messages);
  const store = new BarStore();
  for (const { bars } of told) store.append(bars);
  const bars: Bar[] = [];
  for (let lane = 0; lane < store.lanes; lane++) store.forEach(lane, -Infinity, Infinity, (bar) => bars.push(bar));
  return { lanes: told.flatMap(({ lanes }) => lanes), words: told.flatMap(({ words }) => words), bars };
}

/** A session in virtual time; a feed sees of it what it sees of real ones. */
function live(changes: Partial<RunSettings> = {}) {
  const clock = new VirtualClock();
  const settings = {
    ...DEFAULT_SETTINGS,
    runners: RUNNERS,
    workers: 1,
    podStartUs: 300_000,
    mode: 'old' as const,
    ...changes,
  };
  const table = new RunnerTable(
    () => clock.nowUs(),
    (text) => text,
  );
  const rig = new EmbeddedRig({ clock, settings, epochMs: VIRTUAL_EPOCH_MS, observers: [table] });
  rig.start();
  table.follow(rig.controllers, rig.trace);
  rig.runnerSet.create(settings.runners, () => undefined);
  const shown = {
    id: 'live',
    name: 'live 1',
    colour: 0,
    settings,
    target: { kind: 'embedded' },
    ended: false,
    run: {
      ...{ trace: rig.trace, table, controllers: rig.controllers, originUs: 0 },
      ...{ nowUs: () => clock.nowUs(), manifests: { get: () => undefined }, secrets: rig.secrets },
      podEvents: (_key: string): Promise<readonly KubernetesEvent[]> => Promise.resolve([]),
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
    era: '',
    order: 0,
    live: true,
    originUs: 0,
  };
  const sources = [{ info, trace: rig.trace, session }];
  const look = (at: () => void): void => {
    for (let atUs = 0; atUs < 4_000_000; atUs += 2_000) clock.schedule(atUs, at, undefined);
  };
  return { clock, rig, shown, sources, look, feed: new TimelineFeed(sources) };
}

import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import {
  ConnectionMonitor,
  PROBE_LIMIT_MS,
  type ConnectionStatus,
} from '../../../src/kubernetes/remote/connection-monitor.ts';
import { passTime } from '../../builders/pass-time.ts';

/** A server that answers, refuses at once, or is frozen, with a monitor that asks it. */
class World {
  readonly clock = new VirtualClock();
  readonly changes: ConnectionStatus[] = [];
  server: 'answers' | 'refuses' | 'frozen' = 'answers';
  reconnects = 0;
  probes = 0;
  heardMs = 0;
  readonly monitor = new ConnectionMonitor({
    clock: this.clock,
    nowMs: () => this.nowMs(),
    heardMs: () => this.heardMs,
    probe: () => this.#probe(),
    reconnect: () => this.reconnects++,
    onChange: (status) => this.changes.push(status),
  });

  nowMs(): number {
    return this.clock.nowUs() / 1000;
  }

  pass(seconds: number): Promise<void> {
    return passTime(this.clock, seconds * 1e6);
  }

  #probe(): Promise<void> {
    this.probes++;
    if (this.server === 'refuses') return Promise.reject(new ApiError(0, 'Unknown', 'connection refused'));
    if (this.server === 'answers') {
      this.heardMs = this.nowMs();
      return Promise.resolve();
    }
    return new Promise((_resolve, reject) => {
      const silent = new ApiError(0, 'Unknown', 'no answer within 4 s');
      this.clock.schedule(PROBE_LIMIT_MS * 1000, () => reject(silent), undefined);
    });
  }
}

const broken = new ApiError(0, 'Unknown', 'the connection was closed');

describe('the connection to a cluster', () => {
  it('is not lost while a quiet server gives a sign of life, and is not asked for one while it talks', async () => {
    const world = new World();
    for (let second = 0; second < 30; second++) {
      world.heardMs = world.nowMs();
      await world.pass(1);
    }
    assert.equal(world.probes, 0);
    await world.pass(60);
    assert.ok(world.probes >= 10, `${world.probes} signs of life were asked for in a minute`);
    assert.deepEqual([world.changes, world.reconnects], [[], 0]);
  });

  for (const server of ['frozen', 'refuses'] as const) {
    it(`is lost within 10 s of a server that is ${server}, since it last said something, and tries again`, async () => {
      const world = new World();
      await world.pass(20);
      world.server = server;
      const beganMs = world.nowMs();
      await world.pass(10);
      assert.equal(world.changes.length, 1, 'nobody was told within 10 s');
      const { status } = world.monitor;
      assert.ok(status.state === 'lost');
      assert.ok(status.sinceMs <= beganMs && status.sinceMs > beganMs - 5_000, `since ${status.sinceMs}`);
      assert.match(status.error, /no answer within 4 s|connection refused/);
      assert.equal(world.reconnects, 1, 'watches that may be dead were left open');
      await world.pass(60);
      assert.equal(world.changes.length, 1, 'it is reported once');

      world.server = 'answers';
      await world.pass(9);
      assert.deepEqual(world.monitor.status, { state: 'connected' });
      assert.deepEqual([world.changes.length, world.reconnects], [2, 2]);
    });
  }

  it('is lost when a watch fails and does not come back, with the last error, and is back when every kind works', async () => {
    const world = new World();
    world.monitor.failed('pods', broken);
    world.monitor.failed('ephemeralrunners', broken);
    await world.pass(1);
    assert.deepEqual(world.changes, [], 'too early');
    await world.pass(2);
    assert.deepEqual(world.changes, [{ state: 'lost', sinceMs: 0, error: broken.message }]);
    world.monitor.failed('pods', new ApiError(403, 'Forbidden', 'pods is forbidden'));
    assert.deepEqual(world.monitor.status, { state: 'lost', sinceMs: 0, error: 'pods is forbidden' });
    world.monitor.works('ephemeralrunners');
    assert.equal(world.changes.length, 1);
    world.monitor.works('pods');
    assert.deepEqual(world.changes.at(-1), { state: 'connected' });
  });

  it('was never lost when a watch that breaks is open again within two seconds', async () => {
    const world = new World();
    for (let times = 0; times < 5; times++) {
      world.monitor.failed('pods', broken);
      await world.pass(1);
      world.monitor.works('pods');
      await world.pass(0.5);
    }
    assert.deepEqual(world.changes, []);
  });

  it('is not reported after the end', async () => {
    const world = new World();
    world.server = 'refuses';
    world.monitor.failed('pods', broken);
    world.monitor.dispose();
    await world.pass(30);
    assert.deepEqual(world.changes, []);
  });
});

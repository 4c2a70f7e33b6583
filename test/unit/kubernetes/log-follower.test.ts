import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import { LogFollower } from '../../../src/kubernetes/remote/log-follower.ts';
import type { ApiTransport } from '../../../src/kubernetes/remote/transport.ts';
import type { Pod } from '../../../src/kubernetes/types.ts';
import { aPod } from '../../builders/objects.ts';

/** One opened stream, which the test plays. */
interface Opened {
  readonly query: URLSearchParams;
  say(...lines: readonly string[]): void;
  end(error?: ApiError): void;
}

const line = (second: number, text: string): string =>
  `2026-01-01T00:00:${String(second).padStart(2, '0')}.123456789Z ${text}`;

/** An API server that the test plays, and what the follower told. */
class World {
  readonly clock = new VirtualClock();
  readonly opened: Opened[] = [];
  readonly told: string[] = [];
  restarts: number;
  phase = 'Running';
  getError: ApiError | undefined;
  readonly follower: LogFollower;

  constructor(restarts = 0) {
    this.restarts = restarts;
    const transport: Pick<ApiTransport, 'json' | 'stream'> = {
      json: () => (this.getError === undefined ? Promise.resolve(this.#pod) : Promise.reject(this.getError)),
      stream: (path, _idleMs, onLine, onEnd, onOpen) => {
        let isOver = false;
        const end = (error?: ApiError): void => {
          if (isOver) return;
          isOver = true;
          onEnd(error);
        };
        onOpen?.();
        this.opened.push({
          query: new URLSearchParams(path.slice(path.indexOf('?'))),
          say: (...lines) => lines.forEach((text) => onLine(Buffer.from(text))),
          end,
        });
        return { close: () => (isOver = true) };
      },
    };
    this.follower = new LogFollower(
      { namespace: 'arc-systems', pod: 'controller', container: 'manager' },
      {
        onLine: (text) => this.told.push(text.slice(text.indexOf(' ') + 1)),
        onHole: (why) => this.told.push(`hole: ${why}`),
        onOpen: () => undefined,
        onError: ({ message }) => this.told.push(`error: ${message}`),
        onEnd: (error) => this.told.push(`end${error === undefined ? '' : `: ${error.message}`}`),
      },
      { transport, clock: this.clock, sinceS: 600, follows: true },
    );
  }

  /** Lets promises settle, and time pass for the waits between tries. */
  async settle(us = 60e6): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    this.clock.run(this.clock.nowUs() + us);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }

  async next(): Promise<Opened> {
    await this.settle();
    return this.opened.at(-1) ?? assert.fail('no stream was opened');
  }

  get #pod(): Pod {
    const status = { phase: this.phase, containerStatuses: [{ name: 'manager', restartCount: this.restarts }] };
    return { ...aPod({ name: 'controller', namespace: 'arc-systems' }), status };
  }
}

describe('a log that is followed', () => {
  it('is asked for with stamps, from some time back, and told line by line', async () => {
    const world = new World();
    const stream = await world.next();
    const { follow, previous, ...rest } = Object.fromEntries(stream.query) as Record<string, string>;
    assert.deepEqual(
      [follow, previous, rest],
      ['true', undefined, { container: 'manager', timestamps: 'true', sinceSeconds: '600' }],
    );
    stream.say(line(1, 'one'), line(2, 'two'));
    assert.deepEqual(world.told, ['one', 'two']);
    world.follower.dispose();
  });

  it('is taken up where a stream ended, and no line comes twice or is lost', async () => {
    const world = new World();
    const first = await world.next();
    first.say(line(1, 'one'), line(2, 'same'), line(2, 'same'));
    first.end();
    const second = await world.next();
    assert.equal(second.query.get('sinceTime'), '2026-01-01T00:00:02Z');
    second.say(line(2, 'same'), line(2, 'same'), line(2, 'same'), line(3, 'three'));
    assert.deepEqual(world.told, ['one', 'same', 'same', 'same', 'three']);
    world.follower.dispose();
  });

  it('tells an error, tries again, and goes on when the server is back', async () => {
    const world = new World();
    (await world.next()).say(line(1, 'one'));
    world.opened.at(-1)?.end(new ApiError(0, 'Unknown', 'connection refused'));
    world.getError = new ApiError(0, 'Unknown', 'connection refused');
    await world.settle();
    world.getError = undefined;
    await world.settle();
    const stream = await world.next();
    stream.say(line(1, 'one'), line(9, 'nine'));
    assert.deepEqual(
      world.told.filter((each) => !each.startsWith('error')),
      ['one', 'nine'],
    );
    assert.ok(world.told.includes('error: connection refused'), world.told.join());
    world.follower.dispose();
  });

  it('reads what a container wrote last before it was started again', async () => {
    const world = new World();
    (await world.next()).say(line(1, 'one'));
    world.restarts = 1;
    world.opened.at(-1)?.end();
    const previous = await world.next();
    assert.equal(previous.query.get('previous'), 'true');
    previous.say(line(1, 'one'), line(2, 'panic'));
    previous.end();
    const current = await world.next();
    assert.equal(current.query.get('previous'), null);
    current.say(line(5, 'started'));
    assert.deepEqual(world.told, ['one', 'panic', 'started']);
    world.follower.dispose();
  });

  it('begins with the log of the start before, where the container was started again already', async () => {
    const world = new World(3);
    const previous = await world.next();
    assert.equal(previous.query.get('previous'), 'true');
    previous.end(new ApiError(400, 'BadRequest', 'previous terminated container not found'));
    (await world.next()).say(line(5, 'five'));
    assert.deepEqual(world.told, ['five'], 'what was written before is no hole in what is followed');
    world.follower.dispose();
  });

  it('reports a hole where the log was rotated, or its container started several times', async () => {
    const world = new World();
    (await world.next()).say(line(1, 'one'));
    world.opened.at(-1)?.end();
    (await world.next()).say(line(8, 'eight'));
    world.restarts = 2;
    world.opened.at(-1)?.end();
    (await world.next()).end(new ApiError(400, 'BadRequest', 'previous terminated container not found'));
    (await world.next()).say(line(9, 'nine'));
    assert.deepEqual(world.told, [
      'one',
      'hole: the log was rotated meanwhile',
      'eight',
      'hole: the container was started 2 times meanwhile',
      'hole: the log of the container that ended is gone',
      'nine',
    ]);
    world.follower.dispose();
  });

  it('ends with its pod, with the log of a pod that has ended, and where it may not be read', async () => {
    for (const [spoil, told] of [
      [(world: World) => (world.getError = new ApiError(404, 'NotFound', 'gone')), ['one', 'end']],
      [(world: World) => (world.getError = new ApiError(403, 'Forbidden', 'no')), ['one', 'end: no']],
      [(world: World) => (world.phase = 'Failed'), ['one', 'two', 'end']],
    ] as const) {
      const world = new World();
      (await world.next()).say(line(1, 'one'));
      spoil(world);
      world.opened.at(-1)?.end();
      const last = await world.next();
      if (world.phase === 'Failed') {
        last.say(line(1, 'one'), line(2, 'two'));
        last.end();
        await world.settle();
      }
      assert.deepEqual(world.told, told);
    }
  });

  it('opens its stream again at once when the connection is back', async () => {
    const world = new World();
    (await world.next()).say(line(1, 'one'));
    const before = world.opened.length;
    world.follower.reconnect();
    await world.settle(600_000);
    assert.equal(world.opened.length, before + 1);
    world.follower.dispose();
    await world.settle();
    assert.equal(world.opened.length, before + 1, 'a follower that was disposed opened another stream');
  });
});

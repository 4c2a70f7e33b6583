import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WallClock } from '../../../src/base/wall-clock.ts';
import type { ListStyle } from '../../../src/kubernetes/cluster.ts';
import { ApiTransport } from '../../../src/kubernetes/remote/transport.ts';
import { Reflector } from '../../../src/kubernetes/remote/reflector.ts';
import { Secrets } from '../../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../../src/kubernetes/types.ts';
import { aSecret } from '../../builders/objects.ts';

type Handler = (query: URLSearchParams, response: ServerResponse) => void;

/** Plays an API server over real HTTP: each request is answered by the next handler of the script. */
async function withScript(
  script: Handler[],
  use: (state: State) => Promise<void>,
  lists: ListStyle = 'paged',
): Promise<void> {
  const asked: string[] = [];
  const seen = new Map<string, string>();
  const state: Omit<State, 'reflector'> = { asked, seen, errors: [], waiters: [] };
  const told = (): void => {
    state.waiters = state.waiters.filter(({ condition, resolve }) => (condition() ? (resolve(), false) : true));
  };
  const server = createServer((request: IncomingMessage, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    asked.push(
      query.get('sendInitialEvents') === 'true'
        ? `stream ${query.get('resourceVersion') ?? 'newest'}`
        : query.get('watch') === 'true'
          ? `watch ${query.get('resourceVersion')}`
          : `list ${query.get('resourceVersion') ?? query.get('continue') ?? 'newest'}`,
    );
    told();
    const handler = script.shift();
    if (handler !== undefined) handler(query, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = new ApiTransport({
    contextName: 'test',
    userName: 'test',
    namespace: 'arc',
    server: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    requestOptions: async () => ({}),
  });
  const put = (key: string, { metadata }: ApiObject): void => {
    seen.set(key, metadata.resourceVersion ?? '');
    told();
  };
  const clock = new WallClock();
  const reflector = new Reflector(
    transport,
    clock,
    Secrets,
    'arc',
    {
      onList: (items) => {
        seen.clear();
        items.forEach((object, key) => put(key, object));
        told();
      },
      onAdded: put,
      onModified: put,
      onDeleted: (key) => {
        seen.delete(key);
        told();
      },
      onError: (error) => {
        state.errors.push(error.message);
        told();
      },
    },
    () => 0,
    undefined,
    lists,
  );
  try {
    await use(Object.assign(state, { reflector }));
  } finally {
    reflector.dispose();
    clock.close();
    transport.close();
    server.closeAllConnections();
    server.close();
  }
}

interface State {
  readonly reflector: Reflector<ApiObject>;
  readonly asked: string[];
  readonly seen: Map<string, string>;
  readonly errors: string[];
  waiters: { condition: () => boolean; resolve: () => void }[];
}

function until(state: Pick<State, 'waiters'>, condition: () => boolean): Promise<void> {
  return condition() ? Promise.resolve() : new Promise((resolve) => state.waiters.push({ condition, resolve }));
}

const secret = (name: string, resourceVersion: string): ApiObject => aSecret({ name, resourceVersion });
const list =
  (version: string, items: ApiObject[], token?: string): Handler =>
  (_query, response) =>
    response.end(JSON.stringify({ metadata: { resourceVersion: version, continue: token }, items }));
const event = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;
const fail =
  (code: number, reason: string): Handler =>
  (_query, response) => {
    response.writeHead(code);
    response.end(JSON.stringify({ kind: 'Status', code, reason, message: reason }));
  };

describe('list and watch', () => {
  it('lists in pages, then applies what the watch says, wherever its bytes are cut', () =>
    withScript(
      [
        list('10', [secret('a', '1')], 'next'),
        list('10', [secret('b', '2')]),
        (_query, response) => {
          const text = event('ADDED', secret('ü', '11')) + event('DELETED', secret('a', '12'));
          const bytes = Buffer.from(text);
          const middle = bytes.indexOf(Buffer.from('ü')) + 1;
          response.write(bytes.subarray(0, middle), () => setImmediate(() => response.write(bytes.subarray(middle))));
        },
      ],
      async (state) => {
        await until(state, () => state.seen.has('arc/ü') && !state.seen.has('arc/a'));
        assert.deepEqual([...state.seen.keys()], ['arc/b', 'arc/ü']);
        assert.deepEqual(state.asked, ['list 0', 'list next', 'watch 10']);
      },
    ));

  it('goes on from the last event or bookmark when a watch ends', () =>
    withScript(
      [
        list('10', []),
        (_query, response) => response.end(event('ADDED', secret('a', '11')) + event('BOOKMARK', secret('', '20'))),
        (_query, response) => response.write(event('MODIFIED', secret('a', '21'))),
      ],
      async (state) => {
        await until(state, () => state.seen.get('arc/a') === '21');
        assert.deepEqual(state.asked, ['list 0', 'watch 10', 'watch 20']);
        assert.deepEqual(state.errors, []);
      },
    ));

  it('leaves a watch that may be dead on a reconnect, and continues from the last version at once', () =>
    withScript(
      [
        list('10', []),
        (_query, response) => response.write(event('ADDED', secret('a', '11'))),
        (_query, response) => response.write(event('ADDED', secret('b', '12'))),
      ],
      async (state) => {
        await until(state, () => state.seen.has('arc/a'));
        state.reflector.reconnect();
        await until(state, () => state.seen.has('arc/b'));
        assert.deepEqual(state.asked, ['list 0', 'watch 10', 'watch 11']);
        assert.deepEqual(state.errors, []);
      },
    ));

  it('starts the list again on a reconnect while the first one hangs', () =>
    withScript([() => undefined, list('10', [secret('a', '1')]), () => undefined], async (state) => {
      await until(state, () => state.asked.length === 1);
      state.reflector.reconnect();
      await until(state, () => state.seen.has('arc/a'));
      assert.deepEqual([...new Set(state.asked.slice(0, 2))], ['list 0']);
    }));

  it('lists again, the newest state, when its version is gone, and forgets what was deleted meanwhile', () =>
    withScript(
      [
        list('10', [secret('gone', '1'), secret('a', '2')]),
        (_query, response) =>
          response.end(event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'old' })),
        list('50', [secret('a', '2')]),
        (_query, response) => response.write(event('ADDED', secret('b', '51'))),
      ],
      async (state) => {
        await until(state, () => state.seen.has('arc/b'));
        assert.deepEqual([...state.seen.keys()], ['arc/a', 'arc/b']);
        assert.deepEqual(state.asked, ['list 0', 'watch 10', 'list newest', 'watch 50']);
      },
    ));

  it('starts the list again when its pages expire, and tries again when it is refused', () =>
    withScript(
      [list('10', [secret('a', '1')], 'next'), fail(410, 'Expired'), fail(503, 'ServiceUnavailable'), list('60', [])],
      async (state) => {
        await until(state, () => state.asked.includes('watch 60'));
        assert.deepEqual(state.asked, ['list 0', 'list next', 'list newest', 'list newest', 'watch 60']);
        assert.deepEqual(state.errors, ['Expired', 'ServiceUnavailable']);
      },
    )).timeout(10_000);

  it('resumes a watch whose connection breaks in the middle of a line', () =>
    withScript(
      [
        list('10', []),
        (_query, response) => {
          response.write(event('ADDED', secret('a', '11')) + event('ADDED', secret('b', '12')).slice(0, 20));
          setImmediate(() => response.destroy());
        },
        (_query, response) => response.write(event('ADDED', secret('b', '12'))),
      ],
      async (state) => {
        await until(state, () => state.seen.has('arc/b'));
        assert.deepEqual(state.asked, ['list 0', 'watch 10', 'watch 11']);
      },
    )).timeout(10_000);
});

describe('a list that is the beginning of a watch', () => {
  const end = (version: string): string =>
    event('BOOKMARK', {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { resourceVersion: version, annotations: { 'k8s.io/initial-events-end': 'true' } },
    });
  const began = event('ADDED', secret('a', '1')) + event('ADDED', secret('b', '2'));

  it('counts when the bookmark has come that ends it, and goes on as the watch', () => {
    let more: ServerResponse | undefined;
    return withScript(
      [
        (query, response) => {
          assert.deepEqual(
            [...query.keys()],
            ['allowWatchBookmarks', 'resourceVersionMatch', 'sendInitialEvents', 'timeoutSeconds', 'watch'],
          );
          assert.equal(query.get('resourceVersionMatch'), 'NotOlderThan');
          more = response;
          response.write(began + event('BOOKMARK', secret('', '5')) + event('DELETED', secret('a', '6')) + end('10'));
        },
        (_query, response) => response.write(event('ADDED', secret('d', '12'))),
      ],
      async (state) => {
        await until(state, () => state.seen.has('arc/b'));
        assert.deepEqual([...state.seen], [['arc/b', '2']], 'what was deleted before the list was whole is not in it');
        more?.end(event('ADDED', secret('c', '11')));
        await until(state, () => state.seen.has('arc/d'));
        assert.deepEqual([...state.seen.keys()], ['arc/b', 'arc/c', 'arc/d']);
        assert.deepEqual(state.asked, ['stream newest', 'watch 11']);
        assert.deepEqual(state.errors, []);
      },
      'streamed',
    );
  });

  it('is asked for by pages where the server refuses it, without a word', () =>
    withScript(
      [
        fail(422, 'Invalid'),
        list('10', [secret('a', '1')]),
        (_query, response) => response.write(event('ADDED', secret('b', '11'))),
      ],
      async (state) => {
        await until(state, () => state.seen.has('arc/b'));
        assert.deepEqual(state.asked, ['stream newest', 'list 0', 'watch 10']);
        assert.deepEqual(state.errors, []);
      },
      'streamed',
    ));

  it('begins again when it breaks off, and nothing of the part that came counts', () =>
    withScript(
      [
        (_query, response) => response.end(began),
        (_query, response) => response.write(event('ADDED', secret('b', '2')) + end('10')),
      ],
      async (state) => {
        await until(state, () => state.seen.has('arc/b'));
        assert.deepEqual([...state.seen.keys()], ['arc/b']);
        assert.deepEqual(state.asked, ['stream newest', 'stream newest']);
      },
      'streamed',
    ));

  it('comes again, the newest state, when the version of the watch is gone', () =>
    withScript(
      [
        (_query, response) =>
          response.end(
            began + end('10') + event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'old' }),
          ),
        (_query, response) => response.write(event('ADDED', secret('b', '2')) + end('50')),
      ],
      async (state) => {
        await until(state, () => state.asked.length === 2 && state.seen.size === 1);
        assert.deepEqual([...state.seen.keys()], ['arc/b']);
        assert.deepEqual(state.asked, ['stream newest', 'stream newest']);
      },
      'streamed',
    ));

  it('is tried again later by a server that has too much to do', () =>
    withScript(
      [fail(429, 'TooManyRequests'), (_query, response) => response.write(began + end('10'))],
      async (state) => {
        await until(state, () => state.seen.has('arc/b'));
        assert.deepEqual(state.asked, ['stream newest', 'stream newest']);
        assert.deepEqual(state.errors, ['TooManyRequests']);
      },
      'streamed',
    )).timeout(10_000);
});

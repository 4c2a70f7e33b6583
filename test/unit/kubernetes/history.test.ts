import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { ApiServer } from '../../../src/kubernetes/embedded/api-server.ts';
import { History, type StoreEvent } from '../../../src/kubernetes/embedded/history.ts';
import { createRequest, deleteRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import { Secrets } from '../../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../../src/kubernetes/types.ts';
import { anApiServer, aSecret } from '../../builders/objects.ts';

/** What happens to a few secrets: created, changed or deleted, some of it in vain. */
const changes = fc.array(
  fc.record({ name: fc.constantFrom('a', 'b', 'c'), what: fc.constantFrom('create', 'change', 'delete') }),
  { maxLength: 40 },
);

function apply(api: ApiServer, { name, what }: { name: string; what: string }, index: number): void {
  if (what === 'create') api.handle(createRequest(Secrets, aSecret({ name })));
  else if (what === 'delete') api.handle(deleteRequest(Secrets, 'arc', name));
  else api.handle(patchRequest(Secrets, 'arc', name, { metadata: { labels: { n: String(index) } } }));
}

function contents(objects: Iterable<ApiObject>): Record<string, string> {
  const byName = [...objects].map(({ metadata }) => [metadata.name, metadata.resourceVersion ?? ''] as const);
  return Object.fromEntries(byName.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const objectsIn = (api: ApiServer): ApiObject[] => [...api.store.of(Secrets).entries()].map(({ object }) => object);

/** What a client that follows a watch makes of a list. */
function replay(start: Iterable<ApiObject>, events: readonly StoreEvent[]): Record<string, string> {
  const cache = new Map([...start].map((object) => [object.metadata.name, object]));
  for (const { type, object } of events) {
    if (type === 'deleted') cache.delete(object.metadata.name);
    else cache.set(object.metadata.name, object);
  }
  return contents(cache.values());
}

describe('the history of a store', () => {
  it('replays from any version exactly what happened after it: a list and its watch give the store', () => {
    fc.assert(
      fc.property(changes, fc.nat(40), (all, cut) => {
        const api = anApiServer();
        const history = new History(api.store);
        all.slice(0, cut).forEach((change, index) => apply(api, change, index));
        const [listed, version] = [objectsIn(api), Number(api.store.resourceVersion)];
        all.slice(cut).forEach((change, index) => apply(api, change, cut + index));
        const events: StoreEvent[] = [];
        history.follow(Secrets, version, (event) => events.push(event));
        assert.deepEqual(replay(listed, events), contents(objectsIn(api)));
        assert.ok(events.every((event) => event.version > version));
      }),
    );
  });

  it('loses and doubles nothing across reconnects at any point', () => {
    fc.assert(
      fc.property(changes, fc.array(fc.nat(40), { maxLength: 6 }), (all, cuts) => {
        const api = anApiServer();
        const history = new History(api.store);
        const whole: number[] = [];
        history.follow(Secrets, 0, (event) => whole.push(event.version));
        const pieces: number[] = [];
        let seen = 0;
        const connect = (): (() => void) =>
          history.follow(Secrets, seen, ({ version }) => {
            pieces.push(version);
            seen = version;
          });
        let disconnect = connect();
        all.forEach((change, index) => {
          if (cuts.includes(index)) disconnect();
          apply(api, change, index);
          if (cuts.includes(index)) disconnect = connect();
        });
        assert.deepEqual(pieces, whole);
        assert.deepEqual(
          whole,
          [...new Set(whole)].sort((a, b) => a - b),
          'versions strictly grow',
        );
      }),
    );
  });

  it('tells what there was at a version', () => {
    fc.assert(
      fc.property(changes, fc.nat(40), (all, cut) => {
        const api = anApiServer();
        const history = new History(api.store);
        all.slice(0, cut).forEach((change, index) => apply(api, change, index));
        const [then, version] = [contents(objectsIn(api)), Number(api.store.resourceVersion)];
        all.slice(cut).forEach((change, index) => apply(api, change, cut + index));
        assert.deepEqual(contents(history.stateAt(Secrets, version)), then);
      }),
    );
  });

  it('refuses with 410 what lies further back than it remembers', () => {
    const api = anApiServer();
    const history = new History(api.store, 2);
    for (let i = 0; i < 10; i++) apply(api, { name: 'a', what: i === 0 ? 'create' : 'change' }, i);
    const tooOld = (error: unknown): boolean =>
      error instanceof ApiError && error.code === 410 && error.reason === 'Expired';
    assert.throws(() => history.follow(Secrets, 1, () => undefined), tooOld);
    assert.throws(() => history.stateAt(Secrets, 1), tooOld);
    history.follow(Secrets, Number(api.store.resourceVersion) - 1, () => undefined);
  });

  it('shares no memory with what callers send or get: changing either changes nothing that is stored', () => {
    const api = anApiServer();
    const history = new History(api.store);
    // The builder freezes what goes in and what comes out: sharing that could be seen would throw.
    apply(api, { name: 'a', what: 'create' }, 0);
    apply(api, { name: 'a', what: 'change' }, 1);
    const events: StoreEvent[] = [];
    history.follow(Secrets, 0, (event) => events.push(event));
    assert.deepEqual(
      events.map(({ object }) => object.metadata.labels),
      [undefined, { n: '1' }],
    );
  });
});

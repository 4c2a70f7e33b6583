import assert from 'node:assert/strict';
import { Random } from '../../../src/base/random.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import { ApiServer } from '../../../src/kubernetes/embedded/api-server.ts';
import { History, type StoreEvent } from '../../../src/kubernetes/embedded/history.ts';
import { Reflector, type Connection } from '../../../src/kubernetes/remote/reflector.ts';
import { createRequest, deleteRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import { Namespaces, Pods } from '../../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../../src/kubernetes/types.ts';
import { aPod } from '../../builders/objects.ts';
import { passTime } from '../../builders/pass-time.ts';

const SCRIPTS = Number(process.env['SCRIPTS'] ?? 10_000);
const FIRST_SEED = Number(process.env['SCRIPTS_SEED'] ?? 1);
const STEPS = 12;
/** So few changes are remembered that a watch which stays away for a while finds its version gone. */
const REMEMBERED = 6;
const STEP_US = 3_000_000;

/**
 * A server whose lists and watches break as a seed says: refused, cut between or within lines, ended without a word,
 * sent bookmarks alone, told 410 at any time, pages that expire half way.
 */
class BreakingServer implements Connection {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #api: ApiServer;
  readonly #history: History;
  /** From now on everything goes well. */
  calm = false;
  breaks = 0;
  readonly #open = new Set<(error?: ApiError) => void>();

  constructor(clock: VirtualClock, random: Random, api: ApiServer) {
    this.#clock = clock;
    this.#random = random;
    this.#api = api;
    this.#history = new History(api.store, REMEMBERED);
  }

  json(_method: string, path: string): Promise<unknown> {
    const query = new URLSearchParams(path.split('?')[1]);
    const limit = Number(query.get('limit'));
    return new Promise((resolve, reject) => {
      const answer = (): void => {
        try {
          if (this.#breaks(8)) throw new ApiError(503, 'ServiceUnavailable', 'not now');
          const [version = this.#api.store.resourceVersion, from = '0'] = query.get('continue')?.split('/') ?? [];
          const objects = this.#history.stateAt(Pods, Number(version));
          const end = Number(from) + Math.min(limit, 3);
          const items = objects.slice(Number(from), end).map(({ apiVersion: _a, kind: _k, ...item }) => item);
          const next = end < objects.length ? `${version}/${end}` : '';
          resolve({ metadata: { resourceVersion: version, continue: next }, items });
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.#clock.schedule(this.#random.below(STEP_US), answer, undefined);
    });
  }

  stream(
    path: string,
    _idleMs: number,
    onLine: (line: Buffer) => void,
    onEnd: (error?: ApiError) => void,
  ): { close: () => void } {
    const query = new URLSearchParams(path.split('?')[1]);
    const isStreamedList = query.get('sendInitialEvents') === 'true';
    let version = Number(query.get('resourceVersion'));
    let unfollow = (): void => undefined;
    let open = true;
    const end = (error?: ApiError): void => {
      if (!open) return;
      open = false;
      unfollow();
      this.#open.delete(end);
      onEnd(error);
    };
    this.#open.add(end);
    const tell = (type: string, object: unknown): void => onLine(Buffer.from(JSON.stringify({ type, object })));
    const begin = (): void => {
      if (!open) return;
      if (this.#breaks(10)) {
        end(new ApiError(500, 'InternalError', 'etcd is away'));
        return;
      }
      // A server that does not know of it: what it is asked for is listed instead.
      if (isStreamedList && this.#breaks(10)) {
        end(new ApiError(422, 'Invalid', 'sendInitialEvents is forbidden'));
        return;
      }
      if (isStreamedList) {
        version = Number(this.#api.store.resourceVersion);
        for (const object of this.#history.stateAt(Pods, version)) {
          tell('ADDED', object);
          if (!this.#breaks(12)) continue;
          end(this.#random.below(2) === 0 ? undefined : new ApiError(0, 'Unknown', 'connection reset'));
          return;
        }
        const annotations = { 'k8s.io/initial-events-end': 'true' };
        tell('BOOKMARK', {
          kind: 'Pod',
          apiVersion: 'v1',
          metadata: { resourceVersion: String(version), annotations },
        });
      }
      try {
        unfollow = this.#history.follow(Pods, version, (event: StoreEvent) => {
          if (!open) return;
          // Cut within this event's line: nobody gets to see it on this connection.
          if (this.#breaks(12)) {
            end(this.#random.below(2) === 0 ? undefined : new ApiError(0, 'Unknown', 'connection reset'));
            return;
          }
          const types = { added: 'ADDED', modified: 'MODIFIED', deleted: 'DELETED' } as const;
          tell(types[event.type], event.object);
          if (this.#breaks(15)) {
            const metadata = { resourceVersion: String(event.version) };
            tell('BOOKMARK', { kind: 'Pod', apiVersion: 'v1', metadata });
          }
        });
        if (!open) unfollow();
      } catch (error) {
        const { code, reason, message } = error as ApiError;
        tell('ERROR', { kind: 'Status', code, reason, message });
        end();
      }
    };
    this.#clock.schedule(this.#random.below(STEP_US / 10), begin, undefined);
    return {
      close: () => {
        open = false;
        unfollow();
        this.#open.delete(end);
      },
    };
  }

  /** Ends what is open, as a server that restarts or a proxy with a limit does. */
  cut(): void {
    for (const end of [...this.#open]) {
      end(
        [undefined, new ApiError(0, 'Unknown', 'connection reset'), new ApiError(410, 'Expired', 'too old')][
          this.#random.below(3)
        ],
      );
    }
  }

  #breaks(oneIn: number): boolean {
    const breaks = !this.calm && this.#random.below(oneIn) === 0;
    if (breaks) this.breaks++;
    return breaks;
  }
}

interface Outcome {
  readonly cache: Record<string, string>;
  readonly store: Record<string, string>;
  readonly breaks: number;
  readonly wrong: readonly string[];
}

/** Plays one seed: pods come, change and go while the server breaks; then it is quiet and the cache must equal the store. */
async function play(seed: number): Promise<Outcome> {
  const random = new Random(seed, 'script');
  const clock = new VirtualClock();
  const api = new ApiServer(seed, () => 1_790_000_000_000 + clock.nowUs() / 1000);
  api.handle(createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lab' } }));
  const server = new BreakingServer(clock, new Random(seed, 'breaks'), api);
  const cache = new Map<string, string>();
  const wrong: string[] = [];
  const version = ({ metadata }: ApiObject): string => metadata.resourceVersion ?? '';
  const put = (key: string, object: ApiObject): void => {
    const before = Number(cache.get(key) ?? 0);
    if (Number(version(object)) < before) wrong.push(`${key} goes back from ${before} to ${version(object)}`);
    cache.set(key, version(object));
  };
  const reflector = new Reflector(
    server,
    clock,
    Pods,
    'lab',
    {
      onList: (items) => {
        for (const key of cache.keys()) if (!items.has(key)) cache.delete(key);
        items.forEach((object, key) => put(key, object));
      },
      onAdded: (key, object) => put(key, object),
      onModified: (key, object) => put(key, object),
      onDeleted: (key) => cache.delete(key),
    },
    () => random.below(1000) / 1000,
    undefined,
    seed % 2 === 0 ? 'streamed' : 'paged',
  );
  for (let step = 0; step < STEPS; step++) {
    for (let change = random.below(5); change > 0; change--) {
      const name = `pod-${random.below(5)}`;
      const requests = [
        createRequest(Pods, aPod({ namespace: 'lab', name })),
        patchRequest(Pods, 'lab', name, { metadata: { labels: { step: `${step}-${change}` } } }),
        deleteRequest(Pods, 'lab', name),
      ];
      api.handle(requests[random.below(3)] as (typeof requests)[number]);
    }
    if (random.below(6) === 0) server.cut();
    await passTime(clock, random.below(STEP_US));
  }
  server.calm = true;
  await passTime(clock, 300_000_000);
  reflector.dispose();
  const store: Record<string, string> = {};
  for (const { key, object } of api.store.of(Pods).sorted()) store[key] = version(object);
  return { cache: Object.fromEntries([...cache].sort()), store, breaks: server.breaks, wrong };
}

describe('list and watch through broken connections', () => {
  it(`${SCRIPTS} random scripts from seed ${FIRST_SEED}: the cache ends equal to the store and never goes back in time`, async () => {
    let breaks = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SCRIPTS; seed++) {
      const outcome = await play(seed);
      const again = `repeat with SCRIPTS_SEED=${seed} SCRIPTS=1`;
      assert.deepEqual(outcome.wrong, [], again);
      assert.deepEqual(outcome.cache, outcome.store, again);
      breaks += outcome.breaks;
    }
    assert.ok(breaks >= SCRIPTS, `only ${breaks} breaks in ${SCRIPTS} scripts`);
  }).timeout(300_000);
});

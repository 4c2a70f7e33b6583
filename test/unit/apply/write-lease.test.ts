import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import { ApiServer } from '../../../src/kubernetes/embedded/api-server.ts';
import { createRequest, getRequest } from '../../../src/kubernetes/request.ts';
import { Leases, Namespaces } from '../../../src/kubernetes/resource.ts';
import type { ApiReply } from '../../../src/kubernetes/cluster.ts';
import type { Lease } from '../../../src/kubernetes/types.ts';
import { WriteLease, LeaseHeldError } from '../../../src/apply/write-lease.ts';
import { passTime } from '../../builders/pass-time.ts';

/** An API server that can be made to hang or refuse, and labs that want its lease. */
class World {
  readonly clock = new VirtualClock();
  readonly api = new ApiServer(1, () => this.nowMs());
  mode: 'answers' | 'hangs' | 'refuses' = 'answers';

  constructor() {
    for (const name of ['arc', 'other', 'default']) {
      this.api.handle(createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    }
  }

  nowMs(): number {
    return 1_800_000_000_000 + this.clock.nowUs() / 1000;
  }

  async json(method: string, path: string, body?: unknown): Promise<unknown> {
    if (this.mode === 'hangs') return new Promise(() => undefined);
    if (this.mode === 'refuses') throw new ApiError(500, 'InternalError', 'etcd is away');
    const [, namespace = '', name = ''] = /namespaces\/([^/]+)\/leases(?:\/([^/?]+))?/.exec(path) ?? [];
    const target = { resource: Leases, subresource: '', namespace, name, labelSelector: '' } as const;
    let reply: ApiReply;
    if (method === 'GET' && namespace === '') {
      reply = { resourceVersion: '1', items: [...this.api.store.of(Leases).entries()].map(({ object }) => object) };
    } else {
      const verb = ({ GET: 'get', POST: 'create', PUT: 'update' } as const)[method as 'GET'];
      reply = this.api.handle({ ...target, verb, body });
    }
    if (reply instanceof ApiError) throw reply;
    return reply;
  }

  pass(seconds: number): Promise<void> {
    return passTime(this.clock, seconds * 1e6);
  }

  acquire(holder: string, namespace = 'arc', lost: string[] = []): Promise<WriteLease> {
    const { clock } = this;
    const nowMs = (): number => this.nowMs();
    const onLost = (why: string): void => void lost.push(why);
    return WriteLease.acquire({
      transport: { json: this.json.bind(this) },
      clock,
      nowMs,
      namespace,
      holder,
      onLost,
    });
  }

  lease(namespace: string, name: string): Lease['spec'] {
    return (this.api.handle(getRequest(Leases, namespace, name)) as Lease).spec;
  }
}

/** Runs two things at once: one that waits for time, and time. */
async function during<T>(work: Promise<T>, world: World, seconds: number): Promise<T | Error> {
  let outcome: T | Error = new Error(`nothing came of it within ${seconds} s`);
  void work.then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error as Error),
  );
  await world.pass(seconds);
  return outcome;
}

describe('the lease of a lab', () => {
  it('is renewed for as long as it is held, and then free at once', async () => {
    const world = new World();
    const lost: string[] = [];
    const lease = await world.acquire('anna', 'arc', lost);
    const first = world.lease('arc', 'arc-lab')?.renewTime;
    await world.pass(60);
    assert.notEqual(world.lease('arc', 'arc-lab')?.renewTime, first);
    await lease.release();
    assert.equal(world.lease('arc', 'arc-lab')?.holderIdentity, '');
    const next = await world.acquire('bert');
    assert.equal(world.lease('arc', 'arc-lab')?.leaseTransitions, 1);
    await next.release();
    assert.deepEqual(lost, []);
  });

  it('is refused while its holder renews it, whatever the clocks say', async () => {
    const world = new World();
    await world.acquire('anna');
    const refused = await during(world.acquire('bert'), world, 20);
    assert.ok(refused instanceof LeaseHeldError, 'it was not refused');
    assert.match(
      refused.message,
      /^anna writes to arc \(lease arc-lab since 20\d\d-.*renewed .*wait until it has ended/,
    );
  });

  for (const [mode, what, why] of [
    ['hangs', 'does not answer', /^API server unreachable for 10 s$/],
    ['refuses', 'refuses', /^the lease could not be renewed for 10 s \(.+\)$/],
  ] as const) {
    it(`is lost when the API server ${what} for ten seconds, before anybody else may take it`, async () => {
      const world = new World();
      const lost: string[] = [];
      await world.acquire('anna', 'arc', lost);
      await world.pass(7);
      world.mode = mode;
      await world.pass(4);
      assert.deepEqual(lost, [], 'a short absence is no loss');
      await world.pass(6.1);
      assert.equal(lost.length, 1, 'it was not lost');
      assert.match(lost[0] ?? '', why);
    });
  }

  it('is kept when somebody only annotates it, and lost when it is taken or deleted', async () => {
    for (const [change, why] of [
      [{ metadata: { annotations: { a: 'b' } } }, undefined],
      [{ spec: { holderIdentity: 'bert' } }, /bert’s now/],
      [undefined, /deleted/],
    ] as const) {
      const world = new World();
      const lost: string[] = [];
      await world.acquire('anna', 'arc', lost);
      const target = {
        resource: Leases,
        subresource: '',
        namespace: 'arc',
        name: 'arc-lab',
        labelSelector: '',
      } as const;
      world.api.handle({ ...target, verb: change === undefined ? 'delete' : 'patch', body: change ?? {} });
      await world.pass(20);
      if (why === undefined) assert.deepEqual(lost, []);
      else assert.match(lost.join(), why);
    }
  });

  it('of all namespaces and of one exclude each other, those of two namespaces do not', async () => {
    const world = new World();
    const [one] = [await world.acquire('anna', 'arc'), await world.acquire('bert', 'other')];
    const all = await during(world.acquire('carl', ''), world, 20);
    assert.ok(all instanceof LeaseHeldError, 'it was not refused');
    const free = new World();
    await free.acquire('carl', '');
    const single = await during(free.acquire('anna', 'arc'), free, 20);
    assert.ok(single instanceof LeaseHeldError, 'it was not refused');
    assert.match(single.message, /carl writes to default \(lease arc-lab-all-namespaces/);
    await one?.release();
  });

  it('that nobody renews any more is taken over after its life', async () => {
    const world = new World();
    await world.acquire('anna');
    world.mode = 'hangs';
    await world.pass(11);
    world.mode = 'answers';
    const taken = await during(world.acquire('bert'), world, 20);
    if (taken instanceof Error) throw taken;
    assert.equal(world.lease('arc', 'arc-lab')?.holderIdentity, 'bert');
  });
});

import assert from 'node:assert/strict';
import { LeaseHeldError, WriteLease } from '../../../src/apply/write-lease.ts';
import { Leases } from '../../../src/kubernetes/resource.ts';
import { during, LeaseWorld } from '../../builders/lease-world.ts';

describe('the lease of a lab', () => {
  it('is renewed for as long as it is held, and then free at once', async () => {
    const world = new LeaseWorld();
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

  it('is given up within a second where the server does not answer any more: it runs out by itself', async () => {
    const world = new LeaseWorld();
    const lease = await world.acquire('anna');
    world.mode = 'hangs';
    await world.pass(3);
    const released = await during(
      lease.release().then(() => 'released'),
      world,
      1,
    );
    assert.equal(released, 'released');
  });

  it('that somebody else may still hold is waited for no longer than it is wanted', async () => {
    const world = new LeaseWorld();
    await world.acquire('anna');
    world.mode = 'hangs';
    await world.pass(11);
    world.mode = 'answers';
    const interrupt = new AbortController();
    const options = { ...world.options('bert'), signal: interrupt.signal };
    const waits = WriteLease.acquire(options).catch((error: Error) => error.message);
    await world.pass(2);
    interrupt.abort(new Error('interrupted'));
    assert.equal(await during(waits, world, 1), 'interrupted');
    assert.equal(world.lease('arc', 'arc-lab')?.holderIdentity, 'anna');
  });

  it('is refused while its holder renews it, whatever the clocks say', async () => {
    const world = new LeaseWorld();
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
      const world = new LeaseWorld();
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
      const world = new LeaseWorld();
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
    const world = new LeaseWorld();
    const [one] = [await world.acquire('anna', 'arc'), await world.acquire('bert', 'other')];
    const all = await during(world.acquire('carl', ''), world, 20);
    assert.ok(all instanceof LeaseHeldError, 'it was not refused');
    const free = new LeaseWorld();
    await free.acquire('carl', '');
    const single = await during(free.acquire('anna', 'arc'), free, 20);
    assert.ok(single instanceof LeaseHeldError, 'it was not refused');
    assert.match(single.message, /carl writes to default \(lease arc-lab-all-namespaces/);
    await one?.release();
  });

  it('that nobody renews any more is taken over after its life', async () => {
    const world = new LeaseWorld();
    await world.acquire('anna');
    world.mode = 'hangs';
    await world.pass(11);
    world.mode = 'answers';
    const taken = await during(world.acquire('bert'), world, 20);
    if (taken instanceof Error) throw taken;
    assert.equal(world.lease('arc', 'arc-lab')?.holderIdentity, 'bert');
  });
});

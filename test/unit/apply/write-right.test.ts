import assert from 'node:assert/strict';
import { LeaseHeldError } from '../../../src/apply/write-lease.ts';
import { WriteRight } from '../../../src/apply/write-right.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster } from '../../../src/kubernetes/cluster.ts';
import { deleteRequest, getRequest } from '../../../src/kubernetes/request.ts';
import { Pods } from '../../../src/kubernetes/resource.ts';
import { during, LeaseWorld } from '../../builders/lease-world.ts';

const WRITE = deleteRequest(Pods, 'arc', 'runner-1');

/** A right to write to a cluster whose answers the test gives. */
class Fixture {
  readonly world = new LeaseWorld();
  readonly lost: string[] = [];
  readonly sent: ApiRequest[] = [];
  readonly waiting: ((reply: ApiReply) => void)[] = [];
  others: string | undefined;

  async right(holder = 'anna'): Promise<WriteRight> {
    const right = WriteRight.acquire({
      ...this.world.options(holder, 'arc', this.lost),
      othersAtWork: () => Promise.resolve(this.others),
    });
    return right;
  }

  cluster(right: WriteRight): Cluster {
    const send = (request: ApiRequest, done: (reply: ApiReply) => void): void => {
      this.sent.push(request);
      this.waiting.push(done);
    };
    return right.gate.cluster({ send, watch: () => ({ dispose: () => undefined }) });
  }

  get holder(): string | undefined {
    return this.world.lease('arc', 'arc-lab')?.holderIdentity;
  }
}

const quiet = (): void => undefined;

describe('the right to write of a run that stands still in a debugger', () => {
  it('is free once the writes under way are answered, and not before', async () => {
    const fixture = new Fixture();
    const right = await fixture.right();
    fixture.cluster(right).send(WRITE, quiet);
    let isFree = false;
    const letGo = right.letGo().then(() => (isFree = true));
    await fixture.world.pass(30);
    assert.equal(isFree, false, 'it is let go while a write is under way');
    assert.equal(fixture.holder, 'anna', 'the lease is not renewed while a write is under way');
    fixture.waiting.forEach((done) => done(new ApiError(404, 'NotFound', 'gone')));
    await letGo;
    assert.equal(fixture.holder, '');
  });

  it('refuses writes while it is let go, and sends them again afterwards', async () => {
    const fixture = new Fixture();
    const right = await fixture.right();
    const cluster = fixture.cluster(right);
    await right.letGo();
    const replies: ApiReply[] = [];
    cluster.send(WRITE, (reply) => replies.push(reply));
    cluster.send(getRequest(Pods, 'arc', 'runner-1'), quiet);
    await fixture.world.pass(1);
    assert.match((replies[0] as ApiError).message, /^nothing is written now: the run stands still in a debugger/);
    assert.equal(fixture.sent.length, 1, 'reads go on');
    assert.equal(await right.takeAgain(quiet), false);
    cluster.send(WRITE, quiet);
    assert.equal(fixture.sent.length, 2);
    assert.equal(fixture.holder, 'anna');
    await fixture.world.pass(60);
    assert.deepEqual(fixture.lost, [], 'it is renewed as before');
  });

  it('tells that somebody else has held the lease meanwhile', async () => {
    const fixture = new Fixture();
    const right = await fixture.right();
    await right.letGo();
    const bert = await fixture.world.acquire('bert');
    await bert.release();
    assert.equal(await right.takeAgain(quiet), true);
    await right.letGo();
    assert.equal(await right.takeAgain(quiet), false, 'the earlier holder is named again');
  });

  it('is not taken again while somebody else writes, and says who; it is tried again later', async () => {
    const fixture = new Fixture();
    const right = await fixture.right();
    await right.letGo();
    const bert = await fixture.world.acquire('bert');
    const waits: string[] = [];
    const refused = await during(
      right.takeAgain((text) => waits.push(text)),
      fixture.world,
      20,
    );
    assert.ok(refused instanceof LeaseHeldError, 'two labs write');
    assert.match(refused.message, /^bert writes to arc/);
    assert.match(waits.join(), /^bert writes to arc .*waiting 15 s/);
    await bert.release();
    fixture.others = 'arc-systems/controller is active: it is set to 1 replica';
    await assert.rejects(right.takeAgain(quiet), /^Error: arc-systems\/controller is active/);
    assert.equal(fixture.holder, '', 'the lease is kept beside an active controller');
    fixture.others = undefined;
    await right.takeAgain(quiet);
    assert.equal(fixture.holder, 'anna');
  });

  it('stays lost when it was lost, and is not taken for a run that has ended', async () => {
    const fixture = new Fixture();
    const right = await fixture.right();
    await right.letGo();
    right.close('the run has ended');
    await right.takeAgain(quiet);
    assert.equal(fixture.holder, '');
    const other = await fixture.right('carl');
    other.giveUp('somebody took it');
    assert.deepEqual(fixture.lost, ['somebody took it']);
    await other.letGo();
    await other.takeAgain(quiet);
    assert.equal(fixture.holder, '', 'a right that is lost is taken again');
  });
});

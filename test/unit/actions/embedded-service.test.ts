import assert from 'node:assert/strict';
import { JOB_LEASE_MS } from '../../../src/actions/embedded-runners.ts';
import { EmbeddedActionsService } from '../../../src/actions/embedded-service.ts';

describe('The embedded Actions service and runners that fall silent', () => {
  let nowMs: number;
  let service: EmbeddedActionsService;
  beforeEach(() => {
    nowMs = 1000;
    service = new EmbeddedActionsService({ seed: 1, baseUrl: 'http://actions.lab.invalid', nowMs: () => nowMs });
  });

  const remove = (id: number): number =>
    service.handle({
      method: 'DELETE',
      url: `http://actions.lab.invalid/tenant/_apis/distributedtask/pools/0/agents/${id}`,
      headers: {},
    }).status;

  it('refuse removal until the lease of the job has run out, and then have dropped the runner', () => {
    const { id } = service.register('runner-1', 1);
    service.setBusy('runner-1', true);
    service.loseContact('runner-1');
    nowMs += JOB_LEASE_MS - 1;
    assert.equal(remove(id), 400, 'the lease still holds');
    nowMs += 1;
    assert.deepEqual([...service.runners.keys()], [], 'it was registered for one job, and that is over');
    assert.equal(remove(id), 204);
  });

  it('keep the registration of a runner that had no job', () => {
    service.register('runner-1', 1);
    service.loseContact('runner-1');
    nowMs += 10 * JOB_LEASE_MS;
    assert.deepEqual([...service.runners.keys()], ['runner-1']);
  });

  it('renew the lease of a runner that comes back', () => {
    const { id } = service.register('runner-1', 1);
    service.setBusy('runner-1', true);
    service.loseContact('runner-1');
    nowMs += JOB_LEASE_MS / 2;
    service.setBusy('runner-1', true);
    nowMs += JOB_LEASE_MS;
    assert.equal(remove(id), 400);
  });

  it('count from the last time that contact was lost, each runner for itself', () => {
    for (const name of ['a', 'b']) {
      service.register(name, 1);
      service.setBusy(name, true);
      service.loseContact(name);
    }
    nowMs += JOB_LEASE_MS / 2;
    service.loseContact('a');
    nowMs += JOB_LEASE_MS / 2;
    assert.deepEqual([...service.runners.keys()], ['a']);
    nowMs += JOB_LEASE_MS / 2;
    assert.deepEqual([...service.runners.keys()], []);
  });

  it('end a job whose runner has not come back ten minutes after a restart of the service', () => {
    for (const name of ['back', 'lost']) {
      service.register(name, 1);
      service.setBusy(name, true);
    }
    const options = { seed: 1, baseUrl: 'http://actions.lab.invalid', nowMs: () => nowMs };
    service = new EmbeddedActionsService({ ...options, restore: service.state });
    service.setBusy('back', true);
    nowMs += JOB_LEASE_MS;
    assert.deepEqual([...service.runners.keys()], ['back']);
  });

  it('forget nothing of a runner of the same name that registered since', () => {
    service.register('runner-1', 1);
    service.setBusy('runner-1', true);
    service.loseContact('runner-1');
    service.forget('runner-1');
    service.register('runner-1', 1);
    nowMs += 2 * JOB_LEASE_MS;
    assert.deepEqual([...service.runners.keys()], ['runner-1']);
  });
});

import assert from 'node:assert/strict';
import { EmbeddedActionsService, type EmbeddedActionsOptions } from '../../../src/actions/embedded-service.ts';
import { JOB_LEASE_MS } from '../../../src/actions/embedded-runners.ts';
import type { JobEvent } from '../../../src/actions/job.ts';
import type { Message } from '../../../src/actions/message-queue.ts';
import { HttpTransportError, type HttpRequest, type HttpResponse } from '../../../src/base/http.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';

const ROOT = 'http://actions.lab.invalid';
const SET = `${ROOT}/tenant/_apis/runtime/runnerscalesets`;

/** A listener reduced to its requests, and the service that it talks to, in virtual time. */
class Talk {
  readonly clock = new VirtualClock();
  readonly service: EmbeddedActionsService;
  token = '';
  sessionId = '';

  constructor(options: Partial<EmbeddedActionsOptions> = {}) {
    const nowMs = (): number => this.clock.nowUs() / 1000;
    this.service = new EmbeddedActionsService({ seed: 1, baseUrl: ROOT, clock: this.clock, nowMs, ...options });
    this.call('POST', SET, JSON.stringify({ name: 'lab', labels: [{ type: 'System', name: 'lab' }] }));
  }

  call(method: HttpRequest['method'], url: string, body?: string): HttpResponse {
    const headers = { authorization: `Bearer ${this.token}` };
    return this.service.handle({ method, url, headers, ...(body === undefined ? {} : { body }) });
  }

  open(): HttpResponse {
    const answer = this.call('POST', `${SET}/1/sessions`, JSON.stringify({ ownerName: 'listener' }));
    if (answer.status !== 200) return answer;
    const session = JSON.parse(answer.body) as { sessionId: string; messageQueueAccessToken: string };
    this.token = session.messageQueueAccessToken;
    this.sessionId = session.sessionId;
    return answer;
  }

  /** Begins a poll; what it was answered and when. */
  poll(
    last = 0,
    capacity?: number,
    signal?: AbortSignal,
  ): { atMs?: number; answer?: HttpResponse | HttpTransportError } {
    const result: { atMs?: number; answer?: HttpResponse | HttpTransportError } = {};
    const url = `${ROOT}/mq/1${last === 0 ? '' : `?lastMessageId=${last}`}`;
    const headers = {
      authorization: `Bearer ${this.token}`,
      ...(capacity === undefined ? {} : { 'x-scalesetmaxcapacity': String(capacity) }),
    };
    this.service.receive({ method: 'GET', url, headers, ...(signal === undefined ? {} : { signal }) }, (answer) => {
      Object.assign(result, { atMs: this.clock.nowUs() / 1000, answer });
    });
    return result;
  }

  /** The next message, or undefined where the poll stays empty. */
  message(
    last = 0,
    capacity?: number,
  ): { atMs: number; id: number; events: string[]; jobs: JobEvent[]; counts: string } | undefined {
    const polled = this.poll(last, capacity);
    this.clock.run(this.clock.nowUs() + 60_000_000, () => polled.answer !== undefined);
    const answer = polled.answer as HttpResponse;
    if (answer.status !== 200) return undefined;
    const { messageId, body, statistics } = JSON.parse(answer.body) as Message;
    const jobs = JSON.parse(body) as JobEvent[];
    const counts = Object.values(statistics).join(' ');
    return {
      atMs: polled.atMs ?? NaN,
      id: messageId,
      events: jobs.map(({ messageType }) => messageType),
      jobs,
      counts,
    };
  }

  acquire(...ids: number[]): number[] {
    const { body } = this.call('POST', `${SET}/1/acquirejobs?api-version=6.0-preview`, JSON.stringify(ids));
    return (JSON.parse(body) as { value: number[] }).value;
  }

  queue(count: number, durationUs = 2_000_000): void {
    this.service.queueJobs(Array.from({ length: count }, () => ({ label: 'lab', durationUs })));
  }

  runner(name: string, log: string[] = []): void {
    this.service.register(name, 1);
    const say = (what: string): void => void log.push(`${this.clock.nowUs() / 1000} ${name} ${what}`);
    this.service.connect(name, {
      started: () => say('started'),
      finished: () => say('finished'),
      gone: () => say('gone'),
    });
  }
}

describe('Jobs of a scale set at the embedded service', () => {
  it('become available, acquired, assigned, running and completed, as recorded with the real service of the recordings', () => {
    const talk = new Talk();
    talk.open();
    talk.queue(2);
    const available = talk.message();
    assert.deepEqual(
      [available?.atMs, available?.events, available?.counts],
      [20, ['JobAvailable', 'JobAvailable'], '2 0 0 0 0 0 0'],
    );
    assert.deepEqual(talk.acquire(1, 2, 3), [1, 2], 'what is not there is not acquired');
    const assigned = talk.message(1);
    assert.deepEqual(
      [assigned?.atMs, assigned?.events, assigned?.counts],
      [90, ['JobAssigned', 'JobAssigned'], '0 0 2 0 0 0 0'],
    );
    const log: string[] = [];
    talk.runner('runner-1', log);
    const started = talk.message(2);
    assert.deepEqual([started?.atMs, started?.events, started?.counts], [190, ['JobStarted'], '0 0 2 1 1 1 0']);
    const { runnerName, runnerId, jobDisplayName, jobId, workflowRunId, runnerRequestId } =
      started?.jobs[0] ?? ({} as JobEvent);
    assert.deepEqual(
      { runnerName, runnerId, jobDisplayName, jobId, workflowRunId, runnerRequestId },
      {
        runnerName: 'runner-1',
        runnerId: 101,
        jobDisplayName: 'build (1)',
        jobId: 'job-1',
        workflowRunId: 1001,
        runnerRequestId: 1,
      },
    );
    const done = talk.message(3);
    assert.deepEqual([done?.atMs, done?.events, done?.counts], [2190, ['JobCompleted'], '0 0 1 0 0 0 0']);
    assert.equal(done?.jobs[0]?.result, 'succeeded');
    assert.deepEqual(log, ['170 runner-1 started', '2170 runner-1 finished']);
    assert.deepEqual([...talk.service.runners.keys()], [], 'a runner is registered for one job');
  });

  it('go to runners that wait, in the order in which those came', () => {
    const talk = new Talk();
    const log: string[] = [];
    for (const name of ['a', 'b', 'c']) talk.runner(name, log);
    talk.open();
    talk.queue(2);
    talk.message();
    talk.acquire(1, 2);
    talk.clock.run();
    assert.deepEqual(log, ['170 a started', '170 b started', '2170 a finished', '2170 b finished']);
    assert.equal(talk.service.statistics(1).totalIdleRunners, 1, 'c waits on');
  });

  it('wait until there is a scale set with their label, and again when theirs is deleted', () => {
    const talk = new Talk();
    talk.service.queueJobs([{ label: 'large', durationUs: 1 }]);
    assert.deepEqual(
      talk.service.jobs.map(({ state }) => state),
      ['queued'],
    );
    const body = JSON.stringify({ name: 'big', labels: [{ type: 'System', name: 'large' }] });
    talk.call('POST', SET, body);
    assert.deepEqual(
      talk.service.jobs.map(({ state, scaleSetId }) => [state, scaleSetId]),
      [['available', 2]],
    );
    talk.call('DELETE', `${SET}/2`);
    assert.deepEqual(
      talk.service.jobs.map(({ state }) => state),
      ['queued'],
    );
    talk.call('POST', SET, body);
    assert.deepEqual(
      talk.service.jobs.map(({ state, scaleSetId }) => [state, scaleSetId]),
      [['available', 3]],
    );
  });

  it('fail when the registration of their runner goes, which is when its lease has run out if it fell silent', () => {
    const talk = new Talk();
    talk.runner('runner-1');
    talk.open();
    talk.queue(1);
    talk.message();
    talk.acquire(1);
    talk.clock.run(200_000);
    talk.service.loseContact('runner-1');
    talk.clock.run(10_000_000);
    assert.deepEqual(
      talk.service.jobs.map(({ state }) => state),
      ['running'],
      'the service does not know yet',
    );
    assert.equal(talk.service.isSettled, false);
    talk.clock.run(200_000 + JOB_LEASE_MS * 1000);
    assert.deepEqual(talk.service.jobs, []);
    const events = [talk.message(), talk.message(1), talk.message(2)].flatMap((message) => message?.jobs ?? []);
    assert.deepEqual(events.at(-1)?.result, 'failed');
  });

  it('are not waited for by a runner whose registration was removed, when its poll is over', () => {
    const talk = new Talk({ times: { pollUs: 4_000_000 } });
    const log: string[] = [];
    talk.runner('runner-1', log);
    talk.runner('silent', log);
    talk.clock.run(5_000_000);
    for (const id of [101, 102])
      assert.equal(talk.call('DELETE', `${ROOT}/_apis/distributedtask/pools/0/agents/${id}`).status, 204);
    talk.service.loseContact('silent');
    assert.equal(talk.service.isSettled, false, 'it does not know yet');
    talk.clock.run(20_000_000);
    assert.deepEqual(log, ['8000 runner-1 gone'], 'one that is not there any more asks for nothing');
    assert.equal(talk.service.isSettled, true);
  });

  it('are refused to a runner that connects when its registration is gone', () => {
    const talk = new Talk();
    let isGone = false;
    talk.service.connect('runner-1', {
      started: () => assert.fail('it gets no job'),
      finished: () => assert.fail('it has no job'),
      gone: () => (isGone = true),
    });
    assert.ok(isGone, 'it waits for a job that never comes');
  });

  it('are offered up to the capacity that the listener names, where the service heeds it', () => {
    const talk = new Talk({ heedsCapacity: true });
    talk.open();
    talk.queue(5);
    assert.equal(talk.service.statistics(1).totalAvailableJobs, 0, 'nobody has said anything yet');
    assert.equal(talk.message(0, 2)?.events.length, 2);
    assert.equal(talk.message(1, 3)?.events.length, 1);
    const all = new Talk();
    all.open();
    all.queue(5);
    assert.equal(all.message(0, 2)?.events.length, 5, 'the service of the recordings does not heed it');
  });

  it('are offered in the order in which they were queued, also after the scale set of some was deleted', () => {
    const talk = new Talk();
    talk.service.queueJobs(['lab', 'other', 'lab'].map((label) => ({ label, durationUs: 1 })));
    assert.deepEqual(talk.service.jobs.map(({ state }) => state).includes('running'), false);
    talk.call('DELETE', `${SET}/1`);
    const labels = ['lab', 'other'].map((name) => ({ type: 'System', name }));
    talk.call('POST', SET, JSON.stringify({ name: 'both', labels }));
    const { body } = talk.call('GET', `${SET}/2/acquirablejobs?api-version=6.0-preview`);
    const { value } = JSON.parse(body) as { value: JobEvent[] };
    assert.deepEqual(
      value.map(({ runnerRequestId }) => runnerRequestId),
      [1, 2, 3],
    );
  });

  it('that are available can be listed', () => {
    const talk = new Talk();
    talk.queue(2);
    const { body } = talk.call('GET', `${SET}/1/acquirablejobs?api-version=6.0-preview`);
    const { count, value } = JSON.parse(body) as { count: number; value: JobEvent[] };
    assert.deepEqual([count, value.map(({ runnerRequestId }) => runnerRequestId)], [2, [1, 2]]);
    assert.equal(value[0]?.acquireJobUrl, `${SET}/1/acquirejobs`);
  });
});

describe('The message queue of a scale set', () => {
  it('holds a poll open until there is a message, and answers 202 after its time', () => {
    const talk = new Talk({ times: { pollUs: 4_000_000 } });
    talk.open();
    const empty = talk.poll();
    talk.clock.run(3_999_999);
    assert.ok(!('answer' in empty), 'the poll is still open');
    talk.clock.run(4_000_000);
    assert.equal((empty.answer as HttpResponse).status, 202);
  });

  it('gives a message again until it is deleted, and only what comes after the last one asked for', () => {
    const talk = new Talk({ times: { pollUs: 1_000 } });
    talk.open();
    talk.queue(1);
    talk.clock.run(20_000);
    assert.equal(talk.message()?.id, 1);
    assert.equal(talk.message()?.id, 1);
    assert.equal(talk.message(1), undefined);
    assert.equal(talk.call('DELETE', `${ROOT}/mq/1/1`).status, 204);
    assert.equal(talk.message(), undefined);
  });

  it('is open to the token of the session alone, as long as that lives; a refreshed one has another', () => {
    const talk = new Talk({ queueTokenLifeMs: 1000 });
    const status = (): number[] => [
      (talk.poll().answer as HttpResponse | undefined)?.status ?? 0,
      talk.call('DELETE', `${ROOT}/mq/1/1`).status,
      talk.call('POST', `${SET}/1/acquirejobs`, '[]').status,
    ];
    assert.deepEqual(status(), [401, 401, 401], 'before there is a session');
    talk.open();
    assert.deepEqual(status(), [0, 204, 200], 'the poll is held open');
    talk.clock.run(1_000_000);
    assert.deepEqual(status(), [401, 401, 401], 'after its life');
    const refreshed = JSON.parse(talk.call('PATCH', `${SET}/1/sessions/${talk.sessionId}`).body) as {
      messageQueueAccessToken: string;
    };
    assert.notEqual(refreshed.messageQueueAccessToken, talk.token);
    talk.token = refreshed.messageQueueAccessToken;
    assert.deepEqual(status(), [0, 204, 200]);
  });

  it('answers a poll that was given up with an error, and gives the message to the next one', () => {
    const talk = new Talk();
    talk.open();
    const stop = new AbortController();
    const given = talk.poll(0, undefined, stop.signal);
    stop.abort();
    assert.ok(given.answer instanceof HttpTransportError);
    talk.queue(1);
    assert.equal(talk.message()?.id, 1);
  });
});

describe('The session of a listener', () => {
  it('says where the queue is and what the service counts', () => {
    const talk = new Talk();
    talk.queue(1);
    const { messageQueueUrl, ownerName, runnerScaleSet, statistics } = JSON.parse(talk.open().body) as Record<
      string,
      unknown
    >;
    assert.deepEqual([messageQueueUrl, ownerName], [`${ROOT}/mq/1`, 'listener']);
    assert.equal((runnerScaleSet as { id: number }).id, 1);
    assert.equal((statistics as { totalAvailableJobs: number }).totalAvailableJobs, 1);
  });

  it('is refused with 409 while the listener of another polls, or handles what it was told', () => {
    const talk = new Talk({ times: { pollUs: 1_000 } });
    talk.open();
    assert.equal(talk.open().status, 409, 'before its first poll');
    const { token } = talk;
    const poll = talk.poll();
    assert.equal(talk.open().status, 409, 'while it polls');
    talk.clock.run(5_000_000);
    assert.equal((poll.answer as HttpResponse).status, 202);
    assert.equal(talk.open().status, 409, 'between two polls');
    assert.equal(talk.token, token);
    assert.equal(talk.call('DELETE', `${ROOT}/mq/1/1`).status, 204, 'and the session goes on');
  });

  it('replaces one whose listener broke its poll off, or has not polled for long; its token opens nothing any more', () => {
    const talk = new Talk();
    talk.open();
    const { token } = talk;
    const stop = new AbortController();
    talk.poll(0, undefined, stop.signal);
    stop.abort();
    assert.equal(talk.open().status, 200, 'as soon as the connection broke');
    const next = talk.token;
    talk.token = token;
    assert.equal(talk.call('DELETE', `${ROOT}/mq/1/1`).status, 401);
    talk.token = next;
    talk.clock.run(60_000_000);
    assert.equal(talk.open().status, 200, 'a minute without a poll');
  });

  it('is refused with 409 while another lives, where sessions outlive their listeners', () => {
    const talk = new Talk({ sessionLifeMs: 60_000, times: { pollUs: 1_000 } });
    talk.open();
    const conflict = talk.open();
    assert.equal(conflict.status, 409);
    assert.match(conflict.body, /RunnerScaleSetSessionConflictException.*lab already has an active session/);
    talk.clock.run(59_000_000);
    talk.poll();
    talk.clock.run(100_000_000);
    assert.equal(talk.open().status, 409, 'a poll counts as a sign of life');
    talk.clock.run(120_000_000);
    assert.equal(talk.open().status, 200, 'a minute after the last sign of life');
    assert.equal(talk.call('DELETE', `${SET}/1/sessions/${talk.sessionId}`).status, 204);
    assert.equal(talk.open().status, 200, 'after the one before was deleted');
  });

  it('is refused for a scale set that is not there, and with a body that names no owner', () => {
    const talk = new Talk();
    assert.equal(talk.call('POST', `${SET}/9/sessions`, '{"ownerName":"x"}').status, 404);
    for (const body of ['', '{}', '{"ownerName":1}'])
      assert.equal(talk.call('POST', `${SET}/1/sessions`, body).status, 400);
    assert.equal(talk.call('DELETE', `${SET}/1/sessions/abc`).status, 404);
    assert.equal(talk.call('PATCH', `${SET}/1/sessions/abc`).status, 404);
  });
});

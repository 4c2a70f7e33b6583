import assert from 'node:assert/strict';
import { EmbeddedActionsService } from '../../../src/actions/embedded-service.ts';
import { EmbeddedActionsTransport } from '../../../src/actions/embedded-transport.ts';
import type { ActionsOperation } from '../../../src/actions/operations.ts';
import { operationOf } from '../../../src/actions/operations.ts';
import { SecretRegistry } from '../../../src/base/redact.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster } from '../../../src/kubernetes/cluster.ts';
import { desiredRunners } from '../../../src/listener/desired-runners.ts';
import type { ListenerObserver } from '../../../src/listener/observer.ts';
import { ListenerProcess } from '../../../src/listener/process.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';

const ROOT = 'http://actions.lab.invalid';
const MODES = ['old', 'new', '0.14.2', 'latest'];

/** A listener of a release with the embedded service in virtual time, and a cluster that takes every patch. */
class World {
  readonly clock = new VirtualClock();
  readonly service: EmbeddedActionsService;
  /** Operations of calls to the service, with `patch …` for requests to the cluster and `exit …` for the end. */
  readonly log: string[] = [];
  readonly patches: unknown[] = [];
  readonly sent: number[] = [];
  readonly secrets = new SecretRegistry();
  readonly lines: string[] = [];
  /** What the cluster answers to a request; undefined for success. */
  refuse: (request: ApiRequest) => ApiError | undefined = () => undefined;
  readonly #mode: string;

  constructor(mode: string, options: Partial<ConstructorParameters<typeof EmbeddedActionsService>[0]> = {}) {
    this.#mode = mode;
    const nowMs = (): number => this.clock.nowUs() / 1000;
    this.service = new EmbeddedActionsService({ seed: 1, baseUrl: ROOT, clock: this.clock, nowMs, ...options });
    const body = JSON.stringify({ name: 'lab', labels: [{ type: 'System', name: 'lab' }] });
    this.service.handle({ method: 'POST', url: `${ROOT}/_apis/runtime/runnerscalesets`, headers: {}, body });
  }

  listen(config: Readonly<Record<string, unknown>> = {}): ListenerProcess {
    const inner = new EmbeddedActionsTransport(this.clock, this.service, { jitUs: 0, otherUs: 1000, jitter: 0 }, 1);
    const cluster = {
      send: (request: ApiRequest, done: (reply: ApiReply) => void) => {
        this.log.push(`patch ${request.resource.plural} ${request.name}`);
        this.patches.push(request.body);
        this.sent.push(this.clock.nowUs() / 1000);
        const reply = this.refuse(request) ?? { apiVersion: '', kind: '', metadata: { name: request.name } };
        this.clock.schedule(1000, () => done(reply), undefined);
      },
    } as unknown as Cluster;
    const host = {
      ...{ clock: this.clock, epochMs: 0, cluster, secrets: this.secrets, release: RELEASES.get(this.#mode) },
      http: {
        send: (...[request, done]: Parameters<typeof inner.send>) => {
          this.log.push(operationOf(request.method, request.url)?.operation ?? request.url);
          inner.send(request, done);
        },
      },
      passObservers: [
        {
          logged: (_pass: unknown, line: { message: string; fields?: object | undefined }) =>
            void this.lines.push(`${line.message} ${JSON.stringify(line.fields ?? {})}`),
        },
      ],
    };
    const start = { config: this.config(config), key: 'arc-systems/listener-pod', observer: this.observer };
    return new ListenerProcess(host, start, (code) => this.log.push(`exit ${code}`));
  }

  readonly heard: string[] = [];
  readonly observer: ListenerObserver = {
    started: ({ minRunners, maxRunners }) => this.heard.push(`limits ${minRunners} ${maxRunners}`),
    statistics: ({ totalAssignedJobs }) => this.heard.push(`assigned ${totalAssignedJobs}`),
    jobStarted: ({ jobDisplayName }) => this.heard.push(`started ${jobDisplayName}`),
    jobCompleted: ({ jobDisplayName }) => this.heard.push(`completed ${jobDisplayName}`),
    decided: ({ assigned }, { replicas, patchId }) =>
      this.heard.push(`decided ${replicas} for ${assigned}, patch ${patchId}`),
    desired: (runners) => this.heard.push(`desired ${runners}`),
  };

  config(more: Readonly<Record<string, unknown>>): string {
    const { switches } = RELEASES.get(this.#mode);
    const values = {
      configureUrl: `${ROOT}/lab`,
      ...(switches.has(4090) ? { githubToken: 'the-secret-token' } : { token: 'the-secret-token' }),
      ephemeralRunnerSetNamespace: 'arc-runners',
      ephemeralRunnerSetName: 'lab-set',
      maxRunners: 50,
      minRunners: 0,
      runnerScaleSetId: 1,
      runnerScaleSetName: 'lab',
      ...more,
    };
    if (!switches.has(3937)) return JSON.stringify(values);
    const snake = (key: string): string => key.replace(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
    return JSON.stringify(Object.fromEntries(Object.entries(values).map(([key, value]) => [snake(key), value])));
  }

  run(seconds: number): void {
    this.clock.run(this.clock.nowUs() + seconds * 1e6);
  }

  queue(count: number, durationUs = 2_000_000): void {
    this.service.queueJobs(Array.from({ length: count }, () => ({ label: 'lab', durationUs })));
  }

  runner(name: string): void {
    this.service.register(name, 1);
    this.service.connect(name, { started: () => undefined, finished: () => undefined, gone: () => undefined });
  }

  count(entry: ActionsOperation | 'exit 1'): number {
    return this.log.filter((one) => one === entry).length;
  }
}

const refused = (status: number, reason: ApiError['reason']): ApiError =>
  new ApiError(status, reason, 'refused by the test');

for (const mode of MODES) {
  describe(`The listener of ${mode}`, () => {
    it('ends with 1 when its scale set has another session, without trying again', () => {
      const world = new World(mode, { sessionLifeMs: 3_600_000 });
      world.listen();
      world.run(1);
      world.listen();
      world.run(40);
      assert.deepEqual(world.log.slice(-2), ['create-session', 'exit 1']);
      assert.equal(world.count('delete-session'), 0, 'there is no session to delete');
    });

    it('refreshes its session when the token of the queue has expired, and asks again', () => {
      const world = new World(mode, { queueTokenLifeMs: 60_000, times: { pollUs: 40_000_000 } });
      world.listen();
      world.run(85);
      assert.equal(world.count('refresh-session'), 1);
      const at = world.log.indexOf('refresh-session');
      assert.deepEqual(world.log.slice(at - 1, at + 2), ['get-message', 'refresh-session', 'get-message']);
      world.queue(1);
      world.run(1);
      assert.equal(world.count('acquire-jobs'), 1, 'the new token opens the queue');
    });

    it('ends with 1 when the refreshed token is refused too', () => {
      const world = new World(mode);
      world.service.answerNext('get-message', { status: 401, times: 2 });
      world.listen();
      world.run(1);
      assert.deepEqual(world.log.slice(-4), ['refresh-session', 'get-message', 'delete-session', 'exit 1']);
    });

    it('tries a poll that fails on the server again, and ends when that does not help', () => {
      const world = new World(mode);
      world.service.answerNext('get-message', { status: 500, times: 4 });
      world.listen();
      world.run(20);
      assert.equal(world.count('get-message'), 5);
      assert.equal(world.count('exit 1'), 0);
      world.service.answerNext('get-message', { status: 500, times: 5 });
      world.run(100);
      assert.equal(world.count('exit 1'), 1);
      assert.equal(world.count('delete-session'), 1);
    });

    it('ends with 1 on a scale set that the service does not know, and on a message that it cannot read', () => {
      const unknown = new World(mode);
      unknown.listen({ runnerScaleSetId: 9 });
      unknown.run(1);
      assert.deepEqual(unknown.log.slice(-2), ['create-session', 'exit 1']);
      for (const body of [
        '',
        '{"messageId":1,"messageType":"Other","statistics":{}}',
        '{"messageType":"RunnerScaleSetJobMessages"}',
      ]) {
        const world = new World(mode);
        world.service.answerNext('get-message', { status: 200, body });
        world.listen();
        world.run(1);
        assert.deepEqual(world.log.slice(-2), ['delete-session', 'exit 1'], JSON.stringify(body));
      }
    });

    it('gives up its poll at SIGTERM, deletes its session and ends with 1', () => {
      const world = new World(mode);
      const process = world.listen();
      world.run(1);
      process.terminate();
      world.run(1);
      assert.deepEqual(world.log.slice(-3), ['get-message', 'delete-session', 'exit 1']);
    });

    it('does to its end what a message asks for before it heeds SIGTERM', () => {
      const world = new World(mode);
      world.runner('runner-1');
      const process = world.listen();
      world.run(1);
      world.queue(1);
      world.clock.run(Infinity, () => world.count('acquire-jobs') === 1);
      process.terminate();
      world.run(10);
      const rest = world.log.slice(world.log.indexOf('acquire-jobs') + 1).filter((one) => one !== 'delete-message');
      assert.deepEqual(rest, ['patch ephemeralrunnersets lab-set', 'delete-session', 'exit 1']);
    });

    it('leaves its session when it is killed, and says nothing more', () => {
      const world = new World(mode);
      const process = world.listen();
      world.run(1);
      const { length } = world.log;
      process.kill();
      world.queue(1);
      world.run(100);
      assert.deepEqual(world.log.slice(length), []);
    });

    it('goes on when a runner that started a job is gone, and ends when its patch is refused otherwise', () => {
      const world = new World(mode);
      world.runner('runner-1');
      world.refuse = ({ resource }) => (resource.plural === 'ephemeralrunners' ? refused(404, 'NotFound') : undefined);
      world.listen();
      world.run(1);
      world.queue(1);
      world.run(1);
      assert.deepEqual(world.log.slice(-3), [
        'patch ephemeralrunners runner-1',
        'patch ephemeralrunnersets lab-set',
        'get-message',
      ]);
      world.refuse = () => refused(403, 'Forbidden');
      world.run(10);
      assert.deepEqual(world.log.slice(-2), ['delete-session', 'exit 1']);
    });

    it('says what it hears and decides: limits, counts, jobs, runners', () => {
      const world = new World(mode);
      world.runner('runner-1');
      world.listen({ minRunners: 1, maxRunners: 3 });
      world.run(1);
      world.queue(1);
      world.run(5);
      assert.deepEqual(world.heard, [
        ...['limits 1 3', 'assigned 0', 'decided 1 for 0, patch 0', 'desired 1'],
        ...['assigned 0', 'decided 1 for 0, patch 0', 'desired 1'],
        ...['assigned 1', 'decided 2 for 1, patch 2', 'desired 2'],
        ...['assigned 1', 'started build (1)', 'decided 2 for 1, patch 3', 'desired 2'],
        ...['assigned 0', 'completed build (1)', 'decided 1 for 0, patch 4', 'desired 1'],
      ]);
    });

    it('shows its credentials in no line of its log', () => {
      const world = new World(mode);
      world.service.answerNext('registration-token', { status: 400, body: 'the-secret-token is not known' });
      world.listen();
      world.run(1);
      assert.equal(world.count('exit 1'), 1);
      assert.match(world.lines.join('\n'), /Application returned an error/);
      assert.doesNotMatch(world.lines.join('\n'), /the-secret-token/);
    });
  });
}

describe('A message that cannot be acted on', () => {
  for (const [mode, isLost] of [
    ['new', false],
    ['latest', true],
  ] as const) {
    it(`is ${isLost ? 'lost' : 'given to the next listener'} in ${mode}: it is deleted ${isLost ? 'before' : 'after'} jobs are acquired`, () => {
      const world = new World(mode);
      world.service.answerNext('acquire-jobs', { status: 400 });
      world.listen();
      world.run(1);
      world.queue(1);
      world.run(1);
      assert.equal(world.count('exit 1'), 1);
      world.listen();
      world.run(1);
      const states = world.service.jobs.map(({ state }) => state);
      assert.deepEqual(states, [isLost ? 'available' : 'assigned']);
    });
  }
});

describe('The listener of 0.14.0', () => {
  it('acquires no jobs, as its client knows nothing of available ones; that of 0.14.2 does', () => {
    for (const [mode, state] of [
      ['0.14.0', 'available'],
      ['0.14.2', 'assigned'],
    ] as const) {
      const world = new World(mode);
      world.listen();
      world.run(1);
      world.queue(1);
      world.run(1);
      assert.deepEqual(
        world.service.jobs.map((job) => job.state),
        [state],
        mode,
      );
    }
  });
});

describe('The client of a listener', () => {
  it('makes 300 requests at once and then 5 a second, of all kinds together', () => {
    const world = new World('latest');
    for (let n = 0; n < 400; n++) world.runner(`runner-${n}`);
    world.listen({ maxRunners: 400 });
    world.run(1);
    world.queue(400, 3_600_000_000);
    world.run(100);
    const before = world.sent.findIndex(
      (ms, index) => index > 0 && ms - (world.sent[index - 1] ?? 0) > 150 && index > 10,
    );
    assert.ok(before >= 300 && before < 310, `the ${before}. request was the first that waited`);
    assert.ok((world.sent.at(-1) ?? 0) > 20_000, 'a hundred more take 20 s');
  });
});

describe('The config of a listener', () => {
  const failing = (mode: string, config: Readonly<Record<string, unknown>>): string => {
    const world = new World(mode);
    world.listen(config);
    world.run(1);
    assert.deepEqual(world.log, ['exit 1']);
    return world.lines.join('\n');
  };
  for (const mode of MODES) {
    it(`of ${mode} has to name the URL, the set and the scale set`, () => {
      assert.match(failing(mode, { configureUrl: '' }), /GitHubConfigUrl is not provided/);
      assert.match(failing(mode, { ephemeralRunnerSetName: '' }), /EphemeralRunnerSetName .* is missing/);
      assert.match(failing(mode, { runnerScaleSetId: 0 }), /RunnerScaleSetId .* is missing/);
      assert.match(
        failing(mode, { minRunners: 5, maxRunners: 3 }),
        /MinRunners .*5.* cannot be greater than MaxRunners .*3/,
      );
    });
  }
});

describe('The number of a decision', () => {
  const switchesOf = (mode: string): Parameters<typeof desiredRunners>[1] => RELEASES.get(mode).switches;

  it('is 0 in new when nothing is assigned and completed at the minimum, whatever was started', () => {
    const desired = desiredRunners({ minRunners: 2, maxRunners: 9 }, switchesOf('new'));
    const numbers = [
      desired.decide({ assigned: 0, started: 0, completed: 0 }),
      desired.decide({ assigned: 3, started: 0, completed: 0 }),
      // The poll without a message keeps what was decided.
      desired.decide(desired.emptyBatch(3)),
      desired.decide({ assigned: 0, started: 0, completed: 3 }),
      desired.decide(desired.emptyBatch(0)),
    ].map(({ replicas, patchId }) => [replicas, patchId]);
    assert.deepEqual(numbers, [
      [2, 0],
      [5, 1],
      [5, 2],
      [2, 3],
      [2, 0],
    ]);
  });

  it('is 0 in latest when nothing happened and the minimum was decided before', () => {
    const desired = desiredRunners({ minRunners: 2, maxRunners: 9 }, switchesOf('latest'));
    const numbers = [
      desired.decide({ assigned: 0, started: 0, completed: 0 }),
      desired.decide({ assigned: 3, started: 0, completed: 0 }),
      desired.decide(desired.emptyBatch(3)),
      desired.decide({ assigned: 0, started: 0, completed: 3 }),
      desired.decide(desired.emptyBatch(0)),
      desired.decide({ assigned: 0, started: 1, completed: 0 }),
    ].map(({ replicas, patchId }) => [replicas, patchId]);
    assert.deepEqual(numbers, [
      [2, 0],
      [5, 1],
      [5, 2],
      [2, 3],
      [2, 0],
      [2, 5],
    ]);
  });
});

describe('The listener with pull request 4668, from its description', () => {
  const JOBS = 20;

  /** All that the listener does for jobs that start at once. */
  function forJobs(mode: string, refuse?: World['refuse']): World {
    const world = new World(mode);
    for (let runner = 1; runner <= JOBS; runner++) world.runner(`runner-${runner}`);
    world.listen();
    world.run(1);
    if (refuse !== undefined) world.refuse = refuse;
    world.log.length = 0;
    world.queue(JOBS, 60_000_000);
    world.run(10);
    return world;
  }

  const ofRunner = (entry: string): boolean => entry.startsWith('patch ephemeralrunners ');

  it('decides, acquires and acknowledges while the runners of started jobs are patched', () => {
    const [without, with4668] = ['latest', 'latest+4668'].map((mode) => forJobs(mode).log) as [string[], string[]];
    const decision = 'patch ephemeralrunnersets lab-set';
    const started = without.findIndex(ofRunner);
    assert.equal(without.indexOf(decision, started) - started, JOBS, 'without it the decision waits for every patch');
    const first = with4668.findIndex(ofRunner);
    assert.equal(with4668[first - 1], decision);
    assert.ok(with4668.indexOf('delete-message', first) < with4668.findLastIndex(ofRunner), with4668.join(', '));
    assert.deepEqual(with4668.filter((one) => !ofRunner(one)).slice(0, 3), [
      decision,
      'acquire-jobs',
      'delete-message',
    ]);
    assert.deepEqual(with4668.filter(ofRunner), without.filter(ofRunner), 'each runner hears of its job all the same');
  });

  it('loses a patch that is refused, and goes on', () => {
    const world = forJobs('latest+4668', ({ resource }) =>
      resource.plural === 'ephemeralrunners' ? refused(500, 'InternalError') : undefined,
    );
    assert.equal(world.count('exit 1'), 0);
    assert.match(world.lines.join('\n'), /Failed to patch the runner of a started job/);
  });
});

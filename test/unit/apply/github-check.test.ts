import assert from 'node:assert/strict';
import { gitHubChecks } from '../../../src/apply/github-check.ts';
import type { HttpTransport } from '../../../src/base/http.ts';
import { HttpTransportError } from '../../../src/base/http.ts';
import { SecretRegistry } from '../../../src/base/redact.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { Cluster } from '../../../src/kubernetes/cluster.ts';
import { createRequest, getRequest } from '../../../src/kubernetes/request.ts';
import { Secrets } from '../../../src/kubernetes/resource.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { SimulatedService } from '../../../src/run/simulated-service.ts';
import { anApiServer, aRunner, aSecret } from '../../builders/objects.ts';
import { passTime } from '../../builders/pass-time.ts';

const TOKEN = { github_token: Buffer.from('ghp_of_a_test').toString('base64') };

/** A cluster with a runner's GitHub secret, and a service that takes its credentials. */
class World {
  readonly clock = new VirtualClock();
  readonly api = anApiServer();
  readonly actions = new SimulatedService(this.clock, 0, { seed: 1, jitLatencyUs: 1000 });
  http: HttpTransport = this.actions.transport;
  /** What the API server says of the secret in place of it. */
  refusal: ApiError | undefined;

  constructor() {
    this.api.handle(createRequest(Secrets, aSecret({ name: 'gh' }, TOKEN)));
  }

  /** The checklist's lines on GitHub for one runner. */
  async checks(): Promise<string[]> {
    const { clock, http } = this;
    const cluster: Cluster = {
      send: (request, done) => clock.schedule(1000, done, this.api.handle(request)),
      watch: () => assert.fail('a look at the credentials needs no watch'),
    };
    const json = (_method: string, path: string): Promise<unknown> => {
      const reply = this.refusal ?? this.api.handle(getRequest(Secrets, 'arc', path.split('/').at(-1) as string));
      return reply instanceof ApiError ? Promise.reject(reply) : Promise.resolve(reply);
    };
    const secrets = new SecretRegistry();
    const nowMs = (): number => clock.nowUs() / 1000;
    const input = { ...{ clock, cluster, http, secrets, nowMs }, transport: { json }, namespace: 'arc' };
    let lines: string[] | undefined;
    const checking = gitHubChecks({ ...input, mode: RELEASES.default.id }, [aRunner()]).then((checks) => {
      lines = checks.map(
        ({ name, state, says, todo = '' }) =>
          `${state} ${name}: ${says}${this.refusal === undefined ? '' : `; ${todo}`}`,
      );
    });
    await passTime(clock, 900_000);
    assert.ok(lines !== undefined, 'it waits, and tries again, for as long as a pass would');
    await checking;
    return lines;
  }
}

const URL = 'http://actions.lab.invalid/org';

describe('the look at the GitHub credentials before a run that writes', () => {
  it('passes where the service takes them', async () => {
    assert.deepEqual(await new World().checks(), [
      'passed GitHub secret: arc/gh holds a personal access token',
      `passed Actions service: ${URL} takes the credentials of arc/gh`,
    ]);
  });

  for (const [status, body] of [
    [401, { message: 'Bad credentials' }],
    [503, { message: 'down' }],
  ] as const) {
    it(`fails with HTTP ${status}, and does not wait to try again`, async () => {
      const world = new World();
      world.actions.service.answerNext('registration-token', { status, body, times: 99 });
      const [, service = ''] = await world.checks();
      assert.match(service, new RegExp(`^failed Actions service: ${URL}: .*${status}`));
      assert.ok(!service.includes('ghp_'), 'a credential is shown');
    });
  }

  it('says what the connection failed with, after one try', async () => {
    const world = new World();
    let calls = 0;
    world.http = {
      send: (_request, done) => {
        calls++;
        world.clock.schedule(1000, done, new HttpTransportError('connect ECONNREFUSED 192.0.2.1:443', true));
      },
    };
    const [, service] = await world.checks();
    assert.equal(service, `failed Actions service: ${URL}: connect ECONNREFUSED 192.0.2.1:443`);
    assert.equal(calls, 1, 'calls to the service');
  });

  it('asks for the right where the secret may not be read, and for another secret where it is wrong', async () => {
    const world = new World();
    world.refusal = new ApiError(403, 'Forbidden', 'secrets "gh" is forbidden');
    assert.deepEqual(await world.checks(), [
      'failed GitHub secret: arc/gh: secrets "gh" is forbidden; give the right to get secrets in arc',
    ]);
    world.refusal = new ApiError(404, 'NotFound', 'secrets "gh" not found');
    assert.match((await world.checks()).join(), /; correct the secret$/);
  });

  it('ends with the refusal of the API server that does not show the secret', async () => {
    const world = new World();
    world.api.handle = () => new ApiError(403, 'Forbidden', 'secrets "gh" is forbidden');
    assert.deepEqual(await world.checks(), ['failed GitHub secret: arc/gh: secrets "gh" is forbidden']);
  });
});

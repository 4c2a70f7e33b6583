import assert from 'node:assert/strict';
import { createVerify, generateKeyPairSync } from 'node:crypto';
import {
  OWN_CLIENT,
  OWN_CLIENT_0_9,
  scalesetClient,
  type ActionsClientPolicy,
} from '../../../src/actions/client-policy.ts';
import { parseConfigUrl } from '../../../src/actions/config-url.ts';
import { appJwt, credentialsFrom } from '../../../src/actions/credentials.ts';
import { EmbeddedActionsService } from '../../../src/actions/embedded-service.ts';
import { ActionsError } from '../../../src/actions/errors.ts';
import { proxyFor } from '../../../src/actions/http-transport.ts';
import type { ActionsStep } from '../../../src/actions/retry.ts';
import { aClient, drive, type Answer } from '../../builders/actions-client.ts';
import { HttpTransportError, type HttpRequest } from '../../../src/base/http.ts';
import { SharedState } from '../../../src/base/shared-state.ts';

const service = (
  options: Partial<ConstructorParameters<typeof EmbeddedActionsService>[0]> = {},
): EmbeddedActionsService =>
  new EmbeddedActionsService({ seed: 1, baseUrl: 'http://127.0.0.1:1', nowMs: () => 0, ...options });

describe('the client of the Actions service', () => {
  it('gets a registration token and an admin token once, then only makes the call', () => {
    const [one, other] = [aClient(), service()];
    const first = drive(one.generateJitConfig(1, 'job1', '_work'), (request) => other.handle(request));
    assert.deepEqual(
      first.requests.map(({ method, url, headers }) => `${method} ${url} ${headers['authorization']?.split(' ')[0]}`),
      [
        'POST http://127.0.0.1:1/api/v3/orgs/org/actions/runners/registration-token Bearer',
        'POST http://127.0.0.1:1/api/v3/actions/runner-registration RemoteAuth',
        'POST http://127.0.0.1:1/tenant/_apis/runtime/runnerscalesets/1/generatejitconfig?api-version=6.0-preview Bearer',
      ],
    );
    assert.deepEqual(JSON.parse(first.requests[2]?.body ?? ''), { name: 'job1', workFolder: '_work' });
    assert.equal(first.value.runner.id, 101);
    assert.equal(drive(one.getRunnerByName('job1'), (request) => other.handle(request)).requests.length, 1);
  });

  it('renews the admin token when less than a minute of it is left', () => {
    const [one, other] = [aClient(), service({ tokenLifeMs: 600_000 })];
    const calls = (nowMs: number): number =>
      drive(
        one.getRunnerByName('x'),
        (request) => other.handle(request),
        () => nowMs,
      ).requests.length;
    assert.deepEqual([calls(0), calls(539_000), calls(541_000)], [3, 1, 3]);
  });

  it('repeats a call that fails on the server after 1, 2, 4 and 8 seconds and then gives up', () => {
    const [one, other] = [aClient(), service()];
    other.answerNext('get-runner', { status: 500, times: 4 });
    other.register('job1', 1);
    assert.deepEqual(
      drive(one.getRunner(101, 'job1'), (request) => other.handle(request)).sleepsMs,
      [1000, 2000, 4000, 8000],
    );
    other.answerNext('get-runner', { status: 502, times: 5 });
    assert.throws(
      () => drive(one.getRunner(101, 'job1'), (request) => other.handle(request)),
      /get-runner failed 5 times, last with: HTTP 502/,
    );
  });

  it('repeats a call without an answer, but not one whose certificate is not trusted', () => {
    const one = aClient();
    const unreachable = (retryable: boolean) => () => new HttpTransportError('no answer from host', retryable);
    assert.throws(() => drive(one.getRunner(1, ''), unreachable(true)), /failed 5 times, last with: no answer/);
    assert.throws(
      () => drive(aClient().getRunner(1, ''), unreachable(false)),
      /^HttpTransportError: no answer from host$/,
    );
  });

  it('waits as long as Retry-After says and does not repeat 501', () => {
    const [one, other] = [aClient(), service()];
    other.register('job1', 1);
    other.answerNext('get-runner', { status: 429, headers: { 'retry-after': '7' } });
    assert.deepEqual(drive(one.getRunner(101, ''), (request) => other.handle(request)).sleepsMs, [7000]);
    other.answerNext('get-runner', { status: 501 });
    assert.throws(() => drive(one.getRunner(101, ''), (request) => other.handle(request)), /HTTP 501/);
  });

  const refusals: [what: string, policy: ActionsClientPolicy, waitsMs: number[], repeatHasBody: boolean][] = [
    ['up to 0.9.3, without its body', OWN_CLIENT_0_9, [1000, 1500, 2000], false],
    ['up to 0.13, without its body', OWN_CLIENT, [1000, 2000, 4000, 8000, 16000], false],
    ['from 0.14 on like one that failed, with its body', scalesetClient('v0.4.0'), [1000, 2000, 4000, 8000], true],
  ];
  for (const [what, policy, waitsMs, repeatHasBody] of refusals) {
    for (const status of [401, 403]) {
      it(`repeats a registration that is refused with ${status}, ${what}`, () => {
        const [one, other] = [aClient(policy), service()];
        other.answerNext('runner-registration', { status, times: waitsMs.length });
        const { requests, sleepsMs } = drive(one.getRunnerByName('x'), (request) => other.handle(request));
        assert.deepEqual(sleepsMs, waitsMs);
        const [first, ...repeats] = requests.filter(({ url }) => url.endsWith('/actions/runner-registration'));
        const body = '{"url":"http://127.0.0.1:1/org","runner_event":"register"}';
        assert.equal(first?.body, body);
        assert.equal(repeats.length, waitsMs.length);
        for (const repeat of repeats) assert.equal(repeat.body, repeatHasBody ? body : undefined);

        const again = aClient(policy);
        other.answerNext('runner-registration', { status, times: waitsMs.length + 1 });
        assert.throws(
          () => drive(again.getRunnerByName('x'), (request) => other.handle(request)),
          (error) => (error as { status?: number }).status === status,
          'the last refusal is what is reported',
        );
      });
    }

    it(`repeats a registration at which the server fails after 1, 2, 4 and 8 s, with its body: ${what}`, () => {
      const [one, other] = [aClient(policy), service()];
      other.answerNext('runner-registration', { status: 502, times: 4 });
      const { requests, sleepsMs } = drive(one.getRunnerByName('x'), (request) => other.handle(request));
      assert.deepEqual(sleepsMs, [1000, 2000, 4000, 8000]);
      const sent = requests.filter(({ url }) => url.endsWith('/actions/runner-registration'));
      assert.deepEqual([...new Set(sent.map(({ body }) => body !== undefined))], [true]);
    });
  }

  it('counts refusals and failures of a registration together from 0.14 on', () => {
    const [one, other] = [aClient(scalesetClient('v0.4.0')), service()];
    other.answerNext('runner-registration', { status: 401, times: 2 });
    other.answerNext('runner-registration', { status: 500, times: 3 });
    assert.throws(
      () => drive(one.getRunnerByName('x'), (request) => other.handle(request)),
      /^Error: runner-registration failed 5 times, last with: HTTP 500$/,
    );
  });

  it('says who it is, and sends what GitHub is asked for with the type of its interface', () => {
    const headersOf = (policy: ActionsClientPolicy): string[][] => {
      const { requests } = drive(aClient(policy).getRunnerByName('x'), (request) => service().handle(request));
      return requests.map(({ headers }) => [headers['user-agent'] ?? '', headers['content-type'] ?? '']);
    };
    const types = ['application/vnd.github.v3+json', 'application/json', 'application/json'];
    const own = 'actions-runner-controller/NA (NA; ) ScaleSetID/NA (Proxy/disabled)';
    assert.deepEqual(
      headersOf(OWN_CLIENT),
      types.map((type) => [own, type]),
    );
    const scaleset =
      '{"system":"actions-runner-controller","version":"NA","commit_sha":"NA","scale_set_id":0,"subsystem":"gha-scale-set-controller","build_version":"v0.4.0","build_commit_sha":"v0.4.0","kind":"scaleset"}';
    assert.deepEqual(
      headersOf(scalesetClient('v0.4.0')),
      types.map((type) => [scaleset, type]),
    );
  });

  it('understands an exception with another status from 0.14 on, and before only with its own', () => {
    const typeName = 'GitHub.JobStillRunningException, GitHub';
    for (const [policy, status, understood] of [
      [OWN_CLIENT, 400, true],
      [OWN_CLIENT, 409, false],
      [scalesetClient('v0.4.0'), 400, true],
      [scalesetClient('v0.4.0'), 409, true],
    ] as const) {
      const other = service();
      other.answerNext('delete-runner', { status, body: { typeName, message: 'busy' } });
      assert.throws(
        () => drive(aClient(policy).removeRunner(101, 'job1'), (request) => other.handle(request)),
        (error) => error instanceof ActionsError && error.is('JobStillRunningException') === understood,
        `${status}`,
      );
    }
  });

  it('reads errors as JSON with or without a byte order mark, and as text', () => {
    const [one, other] = [aClient(), service()];
    const typeName = 'GitHub.AgentNotFoundException, GitHub';
    for (const mark of ['', '\ufeff']) {
      const body = `${mark}${JSON.stringify({ typeName, message: 'gone' })}`;
      const headers = { 'content-type': 'application/json' };
      const answer = (request: HttpRequest): Answer =>
        request.url.includes('/agents/') ? { status: 404, headers, body } : other.handle(request);
      assert.throws(
        () => drive(one.getRunner(1, ''), answer),
        (error) => (error as { typeName?: string }).typeName === typeName,
      );
    }
    other.answerNext('get-runner', { status: 400, body: 'plain words' });
    assert.throws(() => drive(one.getRunner(1, ''), (request) => other.handle(request)), /HTTP 400: plain words/);
  });

  it('releases the token when fetching it fails, so that the next pass can try', () => {
    const [one, other] = [aClient(), service()];
    other.answerNext('registration-token', { status: 401 });
    assert.throws(() => drive(one.getRunnerByName('x'), (request) => other.handle(request)), /HTTP 401/);
    assert.equal(drive(one.getRunnerByName('x'), (request) => other.handle(request)).requests.length, 3);
  });
});

describe('calls of passes that share a client', () => {
  /** Starts calls beside one another; each goes on when the service's answer to it is given. */
  function beside(policy: ActionsClientPolicy) {
    const one = aClient(policy);
    const other = service();
    const shared = new SharedState();
    const log: string[] = [];
    const waiting = new Map<string, () => void>();
    const run = (name: string, step: ActionsStep<unknown>, answer?: unknown, error?: unknown): void => {
      const next = error === undefined ? step.next(answer as never) : step.throw(error);
      if (next.done === true) {
        log.push(`${name} is done`);
        return;
      }
      const effect = next.value;
      if (effect.kind === 'http') {
        log.push(`${name} ${effect.operation}`);
        waiting.set(name, () => run(name, step, other.handle(effect.request)));
      } else if (effect.kind === 'sleep') waiting.set(name, () => run(name, step));
      else if (effect.kind === 'wall-time') run(name, step, 0);
      else shared.perform(effect, (value) => run(name, step, value));
    };
    const answer = (name: string): void => {
      const give = waiting.get(name);
      assert.ok(give !== undefined, `${name} waits for nothing of the service`);
      waiting.delete(name);
      give();
    };
    return { one, other, log, run, answer, waiting };
  }

  it('go beside one another up to 0.13, when the token is there', () => {
    const { one, log, run, answer } = beside(OWN_CLIENT);
    run('a', one.generateJitConfig(1, 'a', ''));
    run('b', one.generateJitConfig(1, 'b', ''));
    assert.deepEqual(log, ['a registration-token'], 'one fetches the token');
    answer('a');
    answer('a');
    assert.deepEqual(log.slice(2).sort(), ['a generatejitconfig', 'b generatejitconfig']);
  });

  it('wait for one another from 0.14 on, first come, first served, a removal among them', () => {
    const { one, log, run, answer, waiting } = beside(scalesetClient('v0.4.0'));
    run('a', one.generateJitConfig(1, 'a', ''));
    run('b', one.removeRunner(7, 'b'));
    run('c', one.generateJitConfig(1, 'c', ''));
    for (let answers = 0; answers < 3; answers++) {
      assert.deepEqual([...waiting.keys()], ['a'], 'one call is under way');
      answer('a');
    }
    answer('b');
    answer('c');
    assert.deepEqual(log, [
      'a registration-token',
      'a runner-registration',
      'a generatejitconfig',
      'b delete-runner',
      'a is done',
      'c generatejitconfig',
      'b is done',
      'c is done',
    ]);
  });

  it('wait through the repeats of one that fails, and are let in when it has failed for good', () => {
    const { one, other, log, run, answer, waiting } = beside(scalesetClient('v0.4.0'));
    other.answerNext('registration-token', { status: 500, times: 5 });
    const failing = (function* (): ActionsStep<void> {
      try {
        yield* one.generateJitConfig(1, 'a', '');
      } catch {
        log.push('a has failed');
      }
    })();
    run('a', failing);
    run('b', one.generateJitConfig(1, 'b', ''));
    while (waiting.has('a')) answer('a');
    assert.equal(log.filter((line) => line === 'a registration-token').length, 5);
    assert.deepEqual(log.slice(5), ['b registration-token', 'a has failed', 'a is done']);
  });
});

describe('config URLs', () => {
  it('name an organization, a repository or an enterprise, on GitHub or on a server', () => {
    const read = (url: string): string[] => {
      const { scope, apiUrl, registrationTokenPath } = parseConfigUrl(url);
      return [scope, apiUrl + registrationTokenPath];
    };
    const end = 'actions/runners/registration-token';
    const cases: [string, string, string][] = [
      ['https://github.com/org', 'organization', `https://api.github.com/orgs/org/${end}`],
      ['https://github.com/org/repo/', 'repository', `https://api.github.com/repos/org/repo/${end}`],
      ['https://www.github.com/enterprises/e', 'enterprise', `https://api.github.com/enterprises/e/${end}`],
      ['https://acme.ghe.com/org', 'organization', `https://api.acme.ghe.com/orgs/org/${end}`],
      ['https://ghes.corp:8443/org', 'organization', `https://ghes.corp:8443/api/v3/orgs/org/${end}`],
      ['http://github.localhost/org', 'organization', `http://api.github.localhost/orgs/org/${end}`],
    ];
    for (const [url, scope, api] of cases) assert.deepEqual(read(url), [scope, api], url);
  });

  it('are refused when they name something else', () => {
    for (const url of ['https://github.com', 'https://github.com/a/b/c', 'not a url'])
      assert.throws(() => parseConfigUrl(url), url);
  });
});

describe('credentials', () => {
  const encode = (data: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));

  it('are a token or a whole GitHub App, and errors never show a value', () => {
    assert.deepEqual(credentialsFrom(encode({ github_token: 't' })), { kind: 'token', token: 't' });
    const app = { github_app_id: '1', github_app_installation_id: '2', github_app_private_key: 'secret-key' };
    assert.equal(credentialsFrom(encode(app)).kind, 'app');
    for (const missing of Object.keys(app)) {
      const partial = Object.fromEntries(Object.entries(app).filter(([key]) => key !== missing));
      assert.throws(
        () => credentialsFrom(encode(partial)),
        (error) => !(error as Error).message.includes('secret-key'),
        missing,
      );
    }
    assert.throws(() => credentialsFrom({}), /neither github_token nor/);
    assert.throws(
      () => appJwt('1', 'secret-key', 0),
      (error) => !(error as Error).message.includes('secret-key'),
    );
  });

  it('of an App are signed for nine minutes, from a minute ago', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwt = appJwt('7', privateKey.export({ type: 'pkcs1', format: 'pem' }) as string, 1_000_000);
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    assert.ok(createVerify('RSA-SHA256').update(`${header}.${payload}`).verify(publicKey, signature, 'base64url'));
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown;
    assert.deepEqual(claims, { iat: 940, exp: 1480, iss: '7' });
  });
});

describe('proxies', () => {
  it('are used for the scheme they are given for, except for excluded hosts and loopback', () => {
    const route = {
      httpProxy: 'http://p:1',
      httpsProxy: 'http://p:2',
      noProxy: ['.corp', 'exact.com', 'port.com:8080'],
    };
    const of = (url: string): string | undefined => proxyFor(new URL(url), route);
    assert.equal(of('http://github.com/'), 'http://p:1');
    assert.equal(of('https://github.com/'), 'http://p:2');
    for (const url of [
      'https://a.corp/',
      'https://exact.com/',
      'https://sub.exact.com/',
      'http://port.com:8080/',
      'http://127.0.0.1/',
    ]) {
      assert.equal(of(url), undefined, url);
    }
    for (const url of ['https://corp/', 'https://notexact.com/', 'http://port.com/']) assert.ok(of(url), url);
  });
});

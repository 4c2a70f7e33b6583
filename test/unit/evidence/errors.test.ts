import assert from 'node:assert/strict';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { at, explainFiles, explainText, runnerLine } from '../../builders/evidence.ts';
import { recordedLog } from '../../builders/recorded-logs.ts';

/** The end of a pass with an error, as controller-runtime writes it. */
function errorLine(seconds: number, error: string, kind = 'EphemeralRunner', name = 'lark-1'): string {
  return `${at(seconds)}\tERROR\tReconciler error\t${JSON.stringify({
    controller: kind.toLowerCase(),
    [kind]: { name, namespace: 'ci' },
    namespace: 'ci',
    name,
    error,
  })}`;
}

describe('an error in a sentence', () => {
  const cases: [title: string, error: string, sentence: RegExp, advice: RegExp][] = [
    [
      "GitHub's rate limit",
      'failed to get Actions client: failed to get access token for GitHub App auth: failed to get app installation token: 403 API rate limit exceeded for installation ID 4711',
      /403 API rate limit exceeded for installation ID 4711\.$/,
      /rate limit: wait for its reset, or split/,
    ],
    [
      'a service that fails',
      'failed to get Actions client: failed to get registration token: unexpected response from Actions service: 503 Service Unavailable',
      /GitHub answered 503 \(service unavailable\)\.$/,
      /service failed/,
    ],
    [
      'a clock that is wrong',
      `failed to get registration token: github api error: StatusCode 401, RequestID "A:B:1": {"message":"'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"}`,
      /GitHub answered 401 \('Issued at' claim .* …\)\.$/,
      /clock of the controller's node is wrong/,
    ],
    [
      'a page of a gateway',
      'failed to generate JIT config: unexpected response from Actions service: StatusCode 502, ActivityID "4c0e2a5e": <html><head><title>502 Bad Gateway</title></head></html>',
      /GitHub answered 502 \(bad gateway\)\.$/,
      /service failed/,
    ],
    [
      'a control plane that does not answer',
      'etcdserver: request timed out',
      /etcdserver: request timed out\.$/,
      /control plane did not answer/,
    ],
    [
      "the cluster's own limit of requests",
      'the server has received too many requests and has asked us to try again later (post pods)',
      /too many requests/,
      /API server of the cluster turns requests away/,
    ],
    [
      'a policy that denies',
      'admission webhook "validate.kyverno.svc-fail" denied the request: policy require-team/check-labels/autogen: validation error: label team is missing',
      /label team is missing\.$/,
      /A policy of the cluster refuses it/,
    ],
    [
      'a webhook that does not answer',
      'Internal error occurred: failed calling webhook "pods.example.com": failed to call webhook: Post "https://guard.ops.svc:443/pods?timeout=10s": dial tcp 10.0.0.7:443: connect: connection refused',
      /guard\.ops\.svc:443\/pods.*connection refused\.$/,
      /webhook does not answer/,
    ],
    [
      'a missing service account',
      'failed to create pod: pods "lark-1" is forbidden: error looking up service account ci/runner: serviceaccount "runner" not found',
      /serviceaccount "runner" not found\.$/,
      /Create the service account/,
    ],
    [
      "the runner's own name",
      'pods "lark-1" is forbidden: no',
      /pods "lark-1" is forbidden: no\.$/,
      /See what the message names/,
    ],
  ];
  for (const [title, error, sentence, advice] of cases) {
    it(`keeps its end, where the reason is, and has the advice for it: ${title}`, async () => {
      const { findings } = await explainText(`${errorLine(0, error)}\n${errorLine(1, error)}\n`);
      assert.match(findings[0]?.sentence ?? '', sentence);
      assert.ok((findings[0]?.sentence.split(/\s+/).length ?? 0) <= 25, findings[0]?.sentence);
      assert.match(findings[0]?.advice ?? '', advice);
    });
  }
});

describe('a pass that fails', () => {
  const reported = (
    seconds: number,
    message: string,
    error: string,
    kind = 'EphemeralRunner',
    name = 'lark-1',
  ): string =>
    `${at(seconds)}\tERROR\t${kind}\t${message}\t${JSON.stringify({ version: '0.12.1', [kind.toLowerCase()]: { name, namespace: 'ci' }, error })}`;

  it('counts once, though each of its steps reports the error before the pass ends with it', async () => {
    const error = 'admission webhook "a.policy" denied the request: no root';
    const lines = [0, 10, 30].flatMap((seconds) => [
      reported(seconds, 'Failed to create pod resource for ephemeral runner.', error),
      reported(seconds, 'Failed to create the pod', error),
      errorLine(seconds, error),
    ]);
    const { verdict, findings } = await explainText(`${lines.join('\n')}\n`);
    assert.equal(verdict, 'Passes of lark-1 failed 3 times over 30 s: webhook a.policy denied it: no root.');
    assert.ok(findings[0]?.details.includes('1 runner has no pod in this log.'), findings[0]?.details.join(' '));
  });

  it('counts once where the end puts the error into other words', async () => {
    const lines = [0, 10].flatMap((seconds) => [
      reported(seconds, 'Failed to create runner scale set', 'no route', 'AutoscalingRunnerSet', 'x'),
      errorLine(seconds, 'failed to create: no route', 'AutoscalingRunnerSet', 'x'),
    ]);
    const { findings } = await explainText(`${lines.join('\n')}\n`);
    assert.deepEqual(
      findings.map(({ sentence }) => sentence),
      ['Passes of AutoscalingRunnerSet ci/x failed twice over 10 s: failed to create: no route.'],
    );
  });

  it('is the removal where that is refused, and a runner that is to go is not said to have no pod', async () => {
    const error =
      'failed to remove runner: github api error: StatusCode 403, RequestID "A:B:1": {"message":"Resource not accessible by integration"}';
    const { verdict, findings } = await explainText(
      `${[0, 10, 30, 70].map((at) => errorLine(at, error)).join('\n')}\n`,
    );
    assert.equal(
      verdict,
      'The removal of lark-1 failed 4 times over 1 min 10 s: GitHub answered 403 (Resource not accessible by integration).',
    );
    assert.doesNotMatch(findings[0]?.details.join() ?? '', /no pod/);
  });

  it('has a finding for each kind of error, with lines that hold it', async () => {
    const errors = ['clock is wrong', 'clock is wrong', 'key is damaged', 'key is damaged'];
    for (const kind of ['EphemeralRunner', 'AutoscalingRunnerSet']) {
      const text = errors.map((error, index) => errorLine(index * 10, error, kind)).join('\n');
      const { findings } = await explainText(`${text}\n`);
      assert.equal(findings.length, 2, `${kind}: ${findings.map(({ sentence }) => sentence).join(' ')}`);
      for (const { sentence, evidence } of findings) {
        assert.match(sentence, /failed twice over 10 s/);
        for (const { at: line, says } of evidence) assert.ok(says.startsWith(errors[line.line - 1] ?? '?'), says);
      }
    }
  });

  it('is no trouble where two writers met now and then, and is one where they meet at each pass', async () => {
    const conflict = 'Operation cannot be fulfilled on ephemeralrunnersets.actions.github.com "x": the object has been modified'; // prettier-ignore
    const every = (step: number): Promise<Explanation> =>
      explainText(Array.from({ length: 8 }, (_, index) => errorLine(index * step, conflict, 'EphemeralRunnerSet')).join('\n')); // prettier-ignore
    assert.deepEqual((await every(110)).findings, []);
    assert.equal((await every(2)).findings.length, 1);
  });

  it("is one kind whatever GitHub's id of the request is", async () => {
    const text = ['E8A2:2F0C:11:22:6751', 'E8A3:2F0C:1A:2B:7751'].map((id, index) =>
      errorLine(
        index * 10,
        `github api error: StatusCode 401, RequestID "${id}": {"message":"A JSON web token could not be decoded"}`,
        'AutoscalingRunnerSet',
      ),
    );
    const { findings } = await explainText(`${text.join('\n')}\n`);
    assert.equal(findings.length, 1);
    assert.match(findings[0]?.sentence ?? '', /GitHub answered 401 \(A JSON web token could not be decoded\)\.$/);
  });
});

describe('an error that says "not found"', () => {
  const found = async (error: string, kind?: string): Promise<Explanation> =>
    explainText(`${errorLine(0, error, kind)}\n`);

  it('is reported at once where somebody has to make what is missing', async () => {
    for (const error of ['Secret "gh" not found', 'secrets "gh" not found', 'serviceaccount "runner" not found']) {
      for (const kind of ['EphemeralRunner', 'EphemeralRunnerSet', 'AutoscalingRunnerSet']) {
        const { findings } = await found(`cannot go on: ${error}`, kind);
        assert.equal(findings[0]?.id, 'repeated-errors', `${kind}: ${error}`);
      }
    }
  });

  it('is none where the controller removes such objects itself', async () => {
    for (const error of [
      'pods "lark-1" not found',
      'EphemeralRunner.actions.github.com "lark-1" not found',
      'secrets "lark-1" not found',
    ]) {
      assert.deepEqual((await found(error)).findings, [], error);
    }
  });
});

describe('an error that no pass of a runner ended with', () => {
  const cases: [title: string, lines: readonly string[], sentence: RegExp, advice: RegExp][] = [
    [
      'of the controller of scale sets',
      [
        `${at(0)}\tERROR\tAutoscalingRunnerSet\tFailed to initialize Actions service client\t{"version": "0.12.1", "autoscalingrunnerset": {"name":"x","namespace":"ci"}, "error": "github api error: 404 Not Found"}`,
      ],
      /^AutoscalingRunnerSet ci\/x reported an error once: GitHub answered 404 \(not found\)\.$/,
      /Check githubConfigUrl/,
    ],
    [
      'of a listener, whose last words come without its logger',
      [
        `${at(0)}\tINFO\tlistener-app\tapp initialized\t{}`,
        `${at(1).replaceAll('-', '/').replace('T', ' ').replace('Z', '')} Application returned an error: createSession failed: 409 Conflict: The actions runner scale set already has an active session for owner x`,
      ],
      /^The listener reported an error once: .*already has an active session\b/,
      /Another listener has the session/,
    ],
  ];
  for (const [title, lines, sentence, advice] of cases) {
    it(`is a finding: ${title}`, async () => {
      const { findings } = await explainText(`${lines.join('\n')}\n`);
      assert.match(findings[0]?.sentence ?? '', sentence);
      assert.match(findings[0]?.advice ?? '', advice);
    });
  }

  it("is a finding: of a runner's own container", async () => {
    const { verdict, findings } = await explainFiles(new URL('pasted/runner-container.log', import.meta.url).pathname);
    assert.match(verdict, /^The runner's container reported an error once: .*Registration \S+ was not found\.$/);
    assert.match(findings[0]?.advice ?? '', /service no longer has this runner/);
  });

  const INNER = [
    '[RUNNER 2024-07-09 09:12:31Z ERR  MessageListener] System.Net.Http.HttpRequestException: The SSL connection could not be established, see inner exception.',
    '[RUNNER 2024-07-09 09:12:31Z ERR  MessageListener]  ---> System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: PartialChain',
  ];
  for (const prefix of ['', 'lark-1 runner ', '[pod/lark-1/runner] ']) {
    it(`is a finding: the cause of a runner's exception, in its next line, behind "${prefix}"`, async () => {
      const { verdict, findings } = await explainText(INNER.map((line) => prefix + line).join('\n'));
      assert.match(verdict, /remote certificate is invalid because of errors in the certificate chain/);
      assert.match(findings[0]?.advice ?? '', /githubServerTLS .* runnerMountPath/);
      assert.equal(findings[0]?.evidence[0]?.at.line, 2);
    });
  }

  it('is counted once where the pass that it belongs to ends with it', async () => {
    const line = `${at(0)}\tERROR\tEphemeralRunnerSet\tFailed to make runners\t{"version": "0.12.1", "ephemeralrunnerset": {"name":"lark-1","namespace":"ci"}, "error": "no"}`;
    const { findings } = await explainText(`${line}\n${errorLine(0, 'no', 'EphemeralRunnerSet')}\n`);
    assert.equal(findings.length, 1);
  });

  it('is none in what a listener says as it is stopped', async () => {
    const stopped = `${at(0)}\tERROR\tlistener-app\tRetryable client error\t{"error": "Get \\"http://x/mq/1\\": terminated signal received"}`;
    const { findings } = await explainText(`${stopped}\n`);
    assert.deepEqual(findings, []);
  });
});

describe('what a set counts', () => {
  const set = (message: string, fields: string): string =>
    `${at(0)}\tINFO\tEphemeralRunnerSet\t${message}\t{"version": "0.12.1", "ephemeralrunnerset": {"name":"x","namespace":"ci"}, ${fields}}`;

  it('is a finding where failed runners take the place of others, from a log or metrics', async () => {
    const log = await explainText(
      `${set('Ephemeral runner counts', '"pending": 0, "running": 0, "finished": 0, "failed": 5, "deleting": 0')}\n`,
    );
    assert.match(log.verdict, /^5 of 5 runners of set x have failed: .* makes none in their place\.$/);
    const metrics = await explainText(
      ['failed', 'pending', 'running']
        .map((state, index) => `gha_controller_${state}_ephemeral_runners{name="x",namespace="ci"} ${[5, 7, 3][index]}`)
        .join('\n'),
    );
    assert.match(metrics.verdict, /^5 of 15 runners of set x have failed/);
    assert.match(metrics.findings[0]?.details.join() ?? '', /7 pending, 3 running/);
  });

  it('is noted where it is more than is wanted and nothing shows why', async () => {
    const { findings } = await explainText(`${set('Scaling comparison', '"current": 5, "desired": 2')}\n`);
    assert.match(findings[0]?.sentence ?? '', /^Set x counts 5 runners and wants 2/);
    assert.equal(findings[0]?.severity, 'note');
  });

  it("is said where a controller's log shows no runner", async () => {
    const { verdict } = await explainText(`${set('Scaling comparison', '"current": 0, "desired": 0')}\n`);
    assert.match(verdict, /^Not enough to judge: no runner was made .*\(set x wanted 0\)/);
  });
});

describe('the check whether the service still has a runner', () => {
  const check = (stamp: (ms: number) => string): Promise<Explanation> =>
    explainText(
      [
        ['Checking if runner exists in GitHub service', 271],
        ['Runner exists in GitHub service', 366],
        [
          'Ephemeral runner pod has finished, but the runner still exists in the service. Deleting the pod to restart it.',
          367,
        ],
      ]
        .map(([message, ms]) => `${stamp(Number(ms))}${runnerLine(at(0), 'lark-1', String(message))}`)
        .join('\n'),
    );

  it('has its time as fine as the clock shows it', async () => {
    const fine = await check((ms) => `${at(0).replace('Z', '')}.${ms}000000Z `);
    assert.match(fine.findings[0]?.details.join() ?? '', /The answer took 95\.0 ms\./);
    const whole = await check(() => '');
    assert.match(whole.findings[0]?.details.join() ?? '', /The answer took less than 1 s\./);
  });
});

describe('how long pods take', () => {
  const text = (jitS: number, podS: number, isCreated: boolean): string =>
    [
      ...(isCreated
        ? [
            `${at(0)}\tINFO\tEphemeralRunnerSet\tCreated new ephemeral runner\t{"ephemeralrunnerset": {"name":"set","namespace":"ci"}, "runner": "r1"}`,
          ]
        : []),
      runnerLine(at(jitS), 'r1', 'Creating ephemeral runner JIT config'),
      runnerLine(at(podS), 'r1', 'Created ephemeral runner pod'),
    ].join('\n');

  it('is said no finer than whole seconds tell it, and from where it is measured', async () => {
    for (const [jitS, podS, isCreated, says] of [
      [0, 0, true, 'within 1 s of their runner,'],
      [0, 1, true, 'within 2 s of their runner,'],
      [0, 5, true, '4 s to 6 s after their runner (late from 10 s on),'],
      [3, 3, false, "within 1 s of their runner's first line,"],
    ] as const) {
      const { verdict } = await explainText(text(jitS, podS, isCreated));
      assert.ok(verdict.includes(`pods ${says}`), `${verdict} lacks ${says}`);
    }
  });

  it('has no cause in runners that were made for others later', async () => {
    const life = (name: string, second: number): string[] => [
      `${at(second)}\tINFO\tEphemeralRunnerSet\tCreated new ephemeral runner\t{"ephemeralrunnerset": {"name":"set","namespace":"ci"}, "runner": "${name}"}`,
      runnerLine(at(second), name, 'Creating ephemeral runner JIT config'),
      runnerLine(at(second + 1), name, 'Created ephemeral runner JIT config'),
      runnerLine(at(second + 1), name, 'Created ephemeral runner pod'),
    ];
    const { remarks, findings } = await explainText([...life('r1', 0), ...life('r2', 2), ...life('r3', 4)].join('\n'));
    assert.deepEqual([remarks, findings], [[], []]);
  });
});

describe('lines with names before them', () => {
  const log = recordedLog('set-30-json-latest.controller');
  const plain = recordedLog('set-100-workers-2-latest.controller');
  const prefixes = [
    'arc-gha-rs-controller-6d manager ',
    'arc-gha-rs-controller-6d › manager │ ',
    'manager  | ',
    'Nov 26 07:32:23 node1 arc[123]: ',
  ];
  for (const prefix of prefixes) {
    it(`are read as without: ${prefix}`, async () => {
      for (const text of [plain, log]) {
        const prefixed = await explainText(text.replace(/^(?=.)/gm, prefix));
        const bare = await explainText(text);
        assert.equal(prefixed.verdict, bare.verdict);
        assert.equal(prefixed.files[0]?.unknown, bare.files[0]?.unknown);
      }
    });
  }
});

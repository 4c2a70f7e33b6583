import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

const listener = (seconds: number, message: string, error?: string): string =>
  `${at(seconds)}\tINFO\tlistener-app.listener\t${message}\t${JSON.stringify(error === undefined ? {} : { error })}`;
const NO_SESSION = 'Unable to create message session. Will try again in 30 seconds';
const ACTIVE = 'The actions runner scale set ci already has an active session for owner ci-1-listener.';

describe('what is refused', () => {
  const refused = {
    'pods is forbidden: User "system:serviceaccount:arc-systems:arc" cannot create resource "pods" in API group "" in the namespace "ci"':
      /^Give that user the right/,
    'pods "lark-1" is forbidden: error looking up service account ci/gha: serviceaccount "gha" not found':
      /^Create the service account/,
    'admission webhook "policy.example" denied the request: no root': /^A policy of the cluster refuses it/,
    'Pod "lark-1" is invalid: spec.containers[0].image: Required value': /^Mend the pod template/,
  };
  for (const [error, advice] of Object.entries(refused)) {
    it(`has the advice for what refused it: ${advice.source}`, async () => {
      const line = runnerLine(
        at(0),
        'lark-1',
        'Failed to create a pod due to unrecoverable failure',
        { error },
        'ERROR',
      );
      const { findings } = await explainText(line);
      assert.match(findings[0]?.advice ?? '', advice);
    });
  }

  const why = 'pods is forbidden: User "system:serviceaccount:arc:arc" cannot list resource "pods" in API group ""';
  const lists = {
    'in words': `W0302 12:00:01.000000       1 reflector.go:561] pkg/mod/k8s.io/client-go@v0.31.0/tools/cache/reflector.go:243: failed to list *v1.Pod: ${why}`,
    'in fields': `E0302 12:00:01.000000       1 reflector.go:200] "Failed to watch" err=${JSON.stringify(`failed to list *v1.Pod: ${why}`)} reflector="x" type="*v1.Pod"`,
  };
  for (const [title, line] of Object.entries(lists)) {
    it(`is found where it is a list of the controller's own, ${title}`, async () => {
      const { verdict, findings } = await explainText([line, line, line, line].join('\n'));
      assert.match(verdict, /^The controller's cache of Pod reported an error 4 times: .*cannot list resource "pods"/);
      assert.match(findings[0]?.advice ?? '', /^Give that user the right/);
    });
  }

  it('is found where a listener has no session, until it asks for messages', async () => {
    const asks = [0, 30, 60, 90].map((seconds) => listener(seconds, NO_SESSION, ACTIVE));
    const { verdict, findings } = await explainText(asks.join('\n'));
    assert.match(
      verdict,
      /^The listener, asking for its session, reported an error 4 times over 1 min 30 s: .*active session/,
    );
    assert.match(findings[0]?.advice ?? '', /^Another listener has the session/);
    const later = await explainText([...asks, listener(120, 'Getting next message')].join('\n'));
    assert.deepEqual(later.findings, []);
  });

  it('is no finding of its own where a quota refuses it', async () => {
    const fields = {
      ...{ controller: 'ephemeralrunner', controllerGroup: 'actions.github.com' },
      ...{ EphemeralRunner: { name: 'lark-1', namespace: 'ci' }, namespace: 'ci', name: 'lark-1' },
      error:
        'pods "lark-1" is forbidden: exceeded quota: q, requested: cpu=4,memory=8Gi, used: cpu=38,memory=120Gi, limited: cpu=40,memory=121Gi',
    };
    const lines = [0, 5].map((seconds) => `${at(seconds)}\tERROR\tReconciler error\t${JSON.stringify(fields)}`);
    const { findings } = await explainText(lines.join('\n'));
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['quota'],
    );
    assert.match(findings[0]?.sentence ?? '', /> cpu=40,memory=121Gi\.$/);
    assert.equal(findings[0]?.evidence[0]?.says.endsWith('(first of 2)'), true);
  });

  const refusal = (requested: string, used: string, limited: string): string =>
    `exceeded quota: q, requested: ${requested}, used: ${used}, limited: ${limited}`;
  const sums: readonly [requested: string, used: string, limited: string, sum: string][] = [
    ['cpu=4,memory=8Gi', 'cpu=48,memory=96Gi', 'cpu=50,memory=128Gi', 'used cpu=48 + requested cpu=4 > 50'],
    ['cpu=500m,memory=8Gi', 'cpu=1,memory=900Mi', 'cpu=2,memory=8Gi', 'used memory=900Mi + requested memory=8Gi > 8Gi'],
    ['pods=1,storage=512Ki', 'pods=9,storage=1Ti', 'pods=9,storage=2Ti', 'used pods=9 + requested pods=1 > 9'],
    ['cpu=900m,pods=1', 'cpu=200m,pods=3', 'cpu=1,pods=10', 'used cpu=200m + requested cpu=900m > 1'],
    [
      'cpu=1500m,pods=1',
      'cpu=1,pods=4',
      'cpu=2,pods=4',
      'used cpu=1,pods=4 + requested cpu=1500m,pods=1 > cpu=2,pods=4',
    ],
  ];
  for (const [requested, used, limited, sum] of sums) {
    it(`names of a quota what is over: ${sum}`, async () => {
      const error = `pods "lark-1" is forbidden: ${refusal(requested, used, limited)}`;
      const { verdict } = await explainText(runnerLine(at(0), 'lark-1', 'Failed to create a pod', { error }, 'ERROR'));
      assert.equal(verdict, `Quota q refused the pods of 1 runner: ${sum}.`);
    });
  }

  it('counts the refusals of all runners, and says that a runner fails for good where the release may be so old', async () => {
    const lines = (message: string): string =>
      [0, 30, 60]
        .flatMap((seconds) =>
          ['lark-1', 'lark-2'].map((name, index) => {
            const error = `pods "${name}" is forbidden: ${refusal('pods=1', 'pods=3', 'pods=3')}`;
            return runnerLine(at(seconds + index), name, message, { error }, 'ERROR');
          }),
        )
        .join('\n');
    const { findings } = await explainText(lines('Resource quota is exceeded; requeue in 30s to retry pod creation'));
    assert.match(findings[0]?.evidence[0]?.says ?? '', / \(first of 6\)$/);
    assert.equal(findings[0]?.evidence[1]?.at.line, 6);
    assert.ok(!findings[0].advice.includes('0.13.0'));
    const unknown = await explainText(lines('Failed to create a pod due to unrecoverable failure'));
    assert.match(unknown.findings[0]?.advice ?? '', /Up to ARC 0\.13\.0 such a runner fails for good/);
  });

  it('is a quota on other objects than pods, too, with its arithmetic and its advice', async () => {
    for (const kind of ['ephemeralrunners.actions.github.com', 'secrets']) {
      const count = `count/${kind}`;
      const fields = {
        ...{ controller: 'ephemeralrunnerset', controllerGroup: 'actions.github.com', namespace: 'ci', name: 'set' },
        error: `failed: ${kind} "x" is forbidden: ${refusal(`${count}=1`, `${count}=2`, `${count}=2`)}`,
      };
      const lines = [0, 30].map((seconds) => `${at(seconds)}\tERROR\tReconciler error\t${JSON.stringify(fields)}`);
      const { findings } = await explainText(lines.join('\n'));
      assert.deepEqual(
        findings.map(({ id, sentence }) => [id, sentence]),
        [
          [
            'quota',
            `Quota q refused the ${kind.split('.')[0]} of EphemeralRunnerSet ci/set: used ${count}=2 + requested ${count}=1 > 2.`,
          ],
        ],
      );
      assert.match(findings[0]?.advice ?? '', /^Raise the quota/);
    }
  });

  it('is a quota on runners where the end of the pass has only its name', async () => {
    const count = 'count/ephemeralrunners.actions.github.com';
    const step = (seconds: number): string =>
      `${at(seconds)}\tERROR\tEphemeralRunnerSet\tfailed to make ephemeral runner\t${JSON.stringify({
        ephemeralrunnerset: { name: 'set', namespace: 'ci' },
        error: `ephemeralrunners.actions.github.com "set-runner-" is forbidden: ${refusal(`${count}=1`, `${count}=2`, `${count}=2`)}`,
      })}`;
    const end = (seconds: number): string =>
      `${at(seconds)}\tERROR\tReconciler error\t${JSON.stringify({
        ...{ controller: 'ephemeralrunnerset', controllerGroup: 'actions.github.com', namespace: 'ci', name: 'set' },
        error: 'failed to make ephemeral runner: exceeded quota: q',
      })}`;
    const both = await explainText([0, 60, 120].flatMap((seconds) => [step(seconds), end(seconds)]).join('\n'));
    assert.deepEqual(
      both.findings.map(({ id, sentence }) => [id, sentence]),
      [
        [
          'quota',
          `Quota q refused the ephemeralrunners of EphemeralRunnerSet ci/set: used ${count}=2 + requested ${count}=1 > 2.`,
        ],
      ],
    );
    assert.match(both.findings[0]?.evidence[0]?.says ?? '', / \(first of 3\)$/);
    const ends = await explainText([0, 60].map(end).join('\n'));
    assert.deepEqual(
      ends.findings.map(({ id, sentence }) => [id, sentence]),
      [['quota', 'Quota q refused the runners of EphemeralRunnerSet ci/set.']],
    );
    assert.match(ends.findings[0]?.advice ?? '', /^Raise the quota/);
    assert.match(ends.findings[0]?.details.join() ?? '', /The log does not say by how much/);
  });

  it('is a conflict of two writers where the object has been modified', async () => {
    const fields = {
      ...{ controller: 'ephemeralrunnerset', controllerGroup: 'actions.github.com', namespace: 'ci', name: 'set' },
      error:
        'Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version',
    };
    const lines = [0, 1, 2, 3].map((seconds) => `${at(seconds)}\tERROR\tReconciler error\t${JSON.stringify(fields)}`);
    const { findings } = await explainText(lines.join('\n'));
    assert.match(findings[0]?.advice ?? '', /^Two writers change this object/);
  });
});

describe('a panic', () => {
  it('names the pass and what was wrong', async () => {
    const fields = {
      ...{ controller: 'ephemeralrunner', controllerGroup: 'actions.github.com', namespace: 'ci', name: 'lark-1' },
      panic: 'runtime error: invalid memory address or nil pointer dereference',
    };
    const { verdict } = await explainText(`${at(0)}\tERROR\tObserved a panic\t${JSON.stringify(fields)}`);
    assert.equal(verdict, 'A pass of ci/lark-1 panicked: invalid memory address or nil pointer dereference.');
  });

  it('without a name is one of the process, and says its words once', async () => {
    const { verdict } = await explainText(`${at(0)}\tERROR\tObserved a panic\t{"panic": "index out of range"}`);
    assert.equal(verdict, 'The controller itself stopped or failed: Observed a panic: index out of range.');
  });
});

describe('the advice for an error of a scale set', () => {
  const post = 'failed to get registration token: Post "https://ghes.example.test/api/v3/registration-token": ';
  const cases: readonly (readonly [error: string, advice: RegExp])[] = [
    ["failed to get runner group by name: no runner group found with name 'gpu'", /^Check runnerGroup/],
    [`${post}dial tcp: lookup ghes.example.test on 10.96.0.10:53: server misbehaving`, /DNS .* ghes\.example\.test:/],
    [`${post}dial tcp: lookup ghes.example.test: no such host`, /DNS .* ghes\.example\.test:/],
    [`${post}dial tcp: lookup ghes.example.test: i/o timeout`, /DNS .* ghes\.example\.test:/],
    [
      'failed to create: unexpected status code 409 - body: {"typeName":"X.RunnerScaleSetExistsException, X","message":"Runner scale set ci already exists."}',
      /another runnerScaleSetName/,
    ],
    [
      `${post}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      /certificate of ghes\.example\.test: .* githubServerTLS/,
    ],
    [`${post}dial tcp 10.0.0.9:443: i/o timeout`, /^Look at the way from the controller to ghes\.example\.test:/],
    ['context deadline exceeded', /^Look at the way from the controller to the host that did not answer:/],
  ];
  for (const [error, advice] of cases) {
    it(`fits what it says: ${error.slice(-50)}`, async () => {
      const fields = {
        ...{ controller: 'autoscalingrunnerset', controllerGroup: 'actions.github.com', namespace: 'ci', name: 'set' },
        error,
      };
      const { findings } = await explainText(`${at(0)}\tERROR\tReconciler error\t${JSON.stringify(fields)}`);
      assert.match(findings[0]?.advice ?? '', advice);
    });
  }
});

describe('a token that GitHub refuses', () => {
  const failed = (seconds: number, name: string): string =>
    `${at(seconds)}\tERROR\tReconciler error\t${JSON.stringify({
      ...{ controller: 'autoscalingrunnerset', controllerGroup: 'actions.github.com', namespace: 'ci', name },
      error: `failed to get registration token: github api error: StatusCode 401, RequestID "${name}": {"message":"Bad credentials"}`,
    })}`;
  const registered = (seconds: number, name: string): string =>
    runnerLine(at(seconds), name, 'Created ephemeral runner JIT config', { runnerId: seconds });

  it('is one finding for all scale sets that use it', async () => {
    const lines = [0, 20, 40].flatMap((seconds) => [failed(seconds, 'linux'), failed(seconds + 1, 'gpu')]);
    const { findings } = await explainText(lines.join('\n'));
    assert.deepEqual(
      findings.map(({ sentence }) => sentence),
      [
        'Passes of AutoscalingRunnerSet ci/linux and ci/gpu failed 6 times over 41 s: GitHub answered 401 (Bad credentials).',
      ],
    );
  });

  it('is over when runners of the scale set are registered again, and not by those of another', async () => {
    const lines = [0, 20, 40, 60].map((seconds) => failed(seconds, 'linux'));
    const over = await explainText([...lines, registered(90, 'linux-x-runner-a')].join('\n'));
    const finding = over.findings.find(({ id }) => id === 'repeated-errors');
    assert.equal(finding?.severity, 'warning');
    assert.match(finding.details.join(' '), /It was over at 12:01:30/);
    for (const more of [[], [registered(90, 'gpu-x-runner-a')]]) {
      const goesOn = await explainText([...lines, ...more].join('\n'));
      const same = goesOn.findings.find(({ id }) => id === 'repeated-errors');
      assert.equal(same?.severity, 'error');
      assert.deepEqual(same.details, []);
    }
  });
});

describe("a runner's registration token in a message", () => {
  it('is not kept, and names and numbers of the same length are', async () => {
    const kept = ['ci-abcdefghijklmn-runner-x7k2p', 'abcdefghijklmnopqrstuvwxy1234', '5F3A:1B2C3D:4E5F6A7B:8C9D0E1F'];
    for (const token of ['AADZ3XYZREGTOKENABCDEFGHIJKLM', 'A2B3C4D5E6F7G2H3J4K5L6M7N2P3Q']) {
      const fields = {
        ...{ controller: 'autoscalingrunnerset', controllerGroup: 'actions.github.com', namespace: 'ci', name: 'set' },
        error: `failed with token ${token} for ${kept.join(' ')}: EOF`,
      };
      const explained = await explainText(`${at(0)}\tERROR\tReconciler error\t${JSON.stringify(fields)}`);
      const shown = JSON.stringify(explained.findings);
      assert.ok(!shown.includes(token), shown);
      for (const name of kept) assert.ok(shown.includes(name), shown);
    }
  });
});

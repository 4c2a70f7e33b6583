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

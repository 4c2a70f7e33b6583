import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

describe('what is no log', () => {
  const cases: [title: string, text: string, says: RegExp][] = [
    [
      'a table of runners',
      'NAME         GITHUB CONFIG URL          RUNNERID   STATUS    AGE\nlark-1       https://x.test/org         12         Running   5m\n',
      /^EvidenceError: pasted is a table of kubectl get, .* -o yaml$/,
    ],
    [
      'a table with namespaces',
      'NAMESPACE   NAME     READY   STATUS    RESTARTS   AGE\nci          lark-1   1/1     Running   0          5m\n',
      /is a table of kubectl get/,
    ],
    [
      'what kubectl describe prints',
      'Name:         lark-1\nNamespace:    ci\nLabels:       a=b\n',
      /what kubectl describe printed/,
    ],
    ['nothing found', 'No resources found in ci namespace.\n', /kubectl found nothing; check its --namespace$/],
    [
      'an empty list',
      'apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n',
      /is an empty list: kubectl found nothing/,
    ],
    ['an empty list as JSON', '{\n  "apiVersion": "v1",\n  "items": [],\n  "kind": "List"\n}\n', /is an empty list/],
    [
      'other objects',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
      /holds 1 ConfigMap and no runner, set or pod; give/,
    ],
    [
      'a trace of the lab',
      '{"type":"header","version":2,"start":"2026-03-02T12:00:00Z","sources":[],"settings":{}}\n',
      /is a trace of this lab/,
    ],
    [
      'a stack trace',
      'goroutine 1 [running]:\nmain.main()\n\t/workspace/main.go:12 +0x1d\n',
      /is a stack trace without the lines around it/,
    ],
  ];
  for (const [title, text, says] of cases) {
    it(`is refused with what to give in its place: ${title}`, () => assert.rejects(explainText(text, 'pasted'), says));
  }

  it('is said beside a log that it is given with', async () => {
    const table = 'NAME     STATUS    AGE\nlark-1   Running   5m\n';
    const { files } = await explainText(`${runnerLine(at(0), 'lark-1', 'Adding finalizers')}\n${table}`);
    assert.equal(files[0]?.unknown, 2);
    assert.equal(files[0].isRather, undefined);
  });
});

describe("another controller's log", () => {
  const TIME = '2026-11-26T20:17:02Z';
  const OTHERS: Readonly<Record<string, readonly [line: string, whose: RegExp]>> = {
    'of cert-manager': [
      `${TIME}\tERROR\tReconciler error\t{"controller": "certificate", "controllerGroup": "cert-manager.io", "controllerKind": "Certificate", "namespace": "y", "name": "x", "error": "boom"}`,
      /a controller of cert-manager\.io, not of ARC/,
    ],
    "of ARC's legacy controller": [
      `${TIME}\tINFO\trunnerreplicaset\tCreated replica(s)\t{"created": 3, "runnerreplicaset": "default/foo"}`,
      /ARC's legacy controller/,
    ],
    'of its form of 2022, under its program': [
      `${TIME}\tDEBUG\tactions-runner-controller.runner\tRunner appears to have been registered and running.\t{"runner": "ci/x"}`,
      /ARC's legacy controller/,
    ],
    'of its form of 2022, under its reconciler': [
      `${TIME}\tERROR\tcontroller.horizontalrunnerautoscaler-controller\tReconciler error\t{"reconciler group": "actions.summerwind.dev", "name": "x", "namespace": "ci", "error": "404"}`,
      /ARC's legacy controller/,
    ],
    'of its form of 2021, with fractions of a second': [
      `2021-01-04T16:02:41.001Z\tERROR\tactions-runner-controller.runner\tFailed to create pod resource\t{"runner": "ci/x"}`,
      /ARC's legacy controller/,
    ],
    'of its form of 2020': [
      `${TIME}\tINFO\tcontrollers.RunnerDeployment\tUpdated\t{"runnerdeployment": "ci/x"}`,
      /ARC's legacy controller/,
    ],
    'of its form in which only a field names the group': [
      `${TIME}\tERROR\t\tReconciler error\t{"reconciler group": "actions.summerwind.dev", "name": "x", "error": "404"}`,
      /ARC's legacy controller/,
    ],
  };
  for (const [what, [line, whose]] of Object.entries(OTHERS)) {
    it(`is named, and its errors are no finding: ${what}`, async () => {
      const { verdict, findings, isJudged } = await explainText(line);
      assert.match(verdict, whose);
      assert.deepEqual([findings.length, isJudged], [0, false]);
    });
  }
});

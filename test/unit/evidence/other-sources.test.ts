import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { at, explainFiles, explainInputs, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

const PASTED = fileURLToPath(new URL('pasted/', import.meta.url));

function auditLine(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'a',
    stage: 'ResponseComplete',
    requestURI: '/apis',
    responseStatus: { code: 201 },
    ...fields,
  });
}

describe("the API server's audit log", () => {
  it('tells which quota refused a pod, with its arithmetic', async () => {
    const { verdict, files } = await explainFiles(`${PASTED}audit-metadata.jsonl`);
    assert.match(verdict, /^Quota runners-quota refused the pods of 1 runner: used pods=1 \+ requested pods=1 > 1\.$/);
    assert.deepEqual([files[0]?.format, files[0]?.unknown], ['audit log', 0]);
  });

  it('gives milestones to the microsecond, counts each request once and leaves dry runs out', async () => {
    const of = (verb: string, resource: string, second: number, more: Readonly<Record<string, unknown>> = {}): string =>
      auditLine({
        verb,
        objectRef: { resource, namespace: 'ci', name: 'lark-1' },
        requestReceivedTimestamp: `2026-03-02T09:00:0${second}.100000Z`,
        stageTimestamp: `2026-03-02T09:00:0${second}.104000Z`,
        ...more,
      });
    const { runners } = await explainText(
      [
        of('create', 'ephemeralrunners', 1, { requestURI: '/apis?dryRun=All' }),
        of('create', 'ephemeralrunners', 2),
        of('create', 'pods', 3, { stage: 'RequestReceived' }),
        of('create', 'pods', 4),
        of('create', 'pods', 5, { objectRef: { resource: 'pods', namespace: 'ci', name: 'web' } }),
      ].join('\n'),
      'audit.log',
    );
    assert.deepEqual(
      runners.map(({ name, milestones }) => [name, milestones.created?.at, milestones.podCreated?.at]),
      [['lark-1', '2026-03-02T09:00:02.100000Z', '2026-03-02T09:00:04.100000Z']],
    );
  });

  it('beside the log of a controller makes its times exact, and counts no request twice', async () => {
    const runners = Array.from({ length: 80 }, (_, index) => `r${index}`);
    const of = (verb: string, resource: string, name: string, us: number): string =>
      auditLine({
        verb,
        objectRef: { resource, namespace: 'ci', name },
        requestReceivedTimestamp: new Date(Date.parse(at(0)) + us / 1000).toISOString().replace('Z', '000Z'),
      });
    const log = runners.flatMap((name, index) => [
      runnerLine(at(index / 4), name, 'Creating ephemeral runner JIT config'),
      runnerLine(at(index / 4), name, 'Created ephemeral runner JIT config'),
      runnerLine(at(index / 4), name, 'Created ephemeral runner secret'),
      runnerLine(at(index / 4), name, 'Created ephemeral runner pod'),
    ]);
    const audit = runners.flatMap((name, index) => [
      of('get', 'secrets', name, index * 250e3),
      of('get', 'secrets', name, index * 250e3),
      of('get', 'secrets', name, index * 250e3),
      of('create', 'secrets', name, index * 250e3),
      of('create', 'pods', name, index * 250e3 + 7e3),
    ]);
    const inputs = { 'controller.log': [workersLine(at(0), 2), ...log], 'audit.log': audit };
    const explanation = await explainInputs(inputs);
    assert.equal(explanation.runners[1]?.milestones.podCreated?.at, '2026-03-02T12:00:00.257000Z');
    assert.deepEqual(
      explanation.bursts[0]?.limited.map(({ kind, requests }) => [kind, requests]),
      [
        ['secrets', 320],
        ['ephemeralrunners', 0],
      ],
    );
  });

  it('names what was created by the answer where the request does not name it', async () => {
    const line = auditLine({
      verb: 'create',
      objectRef: { resource: 'ephemeralrunners', namespace: 'ci' },
      responseObject: { metadata: { name: 'lark-2' }, data: { jitToken: 'ghp_abcdefghijklmnopqrst' } },
      requestReceivedTimestamp: '2026-03-02T09:00:02.100000Z',
    });
    const explanation = await explainText(line);
    assert.equal(explanation.runners[0]?.name, 'lark-2');
    assert.doesNotMatch(JSON.stringify([explanation.runners, explanation.files]), /ghp_/);
  });
});

describe("the controller's metrics", () => {
  it('tell that all workers are held, since when, who waits and behind which priority', async () => {
    const { findings, files } = await explainFiles(`${PASTED}metrics-stalled.prom`);
    const [main] = findings;
    assert.equal(
      main?.sentence,
      'Both workers of ephemeralrunner are held, one for 15 min 15 s; 104 objects wait in the queue.',
    );
    assert.match(
      main.details.join(' '),
      /3 objects of priority -100, .* behind 101 of priority 0\. 38 runners of stork-9vx2k are pending/,
    );
    assert.equal(files[0]?.unknown, 0);
  });

  const gauges = (values: Readonly<Record<string, number>>): string =>
    Object.entries(values)
      .map(([name, value]) => `gha_${name}{name="linux",namespace="ci"} ${value}`)
      .join('\n');

  it('tell that the listener of a scale set does not run', async () => {
    const { verdict, findings } = await explainText(gauges({ controller_running_listeners: 0 }));
    assert.equal(verdict, 'The listener of scale set linux does not run: no job becomes a runner.');
    assert.equal(findings[0]?.severity, 'error');
    assert.deepEqual((await explainText(gauges({ controller_running_listeners: 1 }))).findings, []);
  });

  it("of a listener tell that jobs wait, for the scale set's maximum or for runners that are not registered", async () => {
    const full = await explainText(
      gauges({ assigned_jobs: 12, running_jobs: 3, registered_runners: 3, desired_runners: 3, max_runners: 3 }),
    );
    assert.equal(full.verdict, 'Scale set linux may have 3 runners and 12 jobs are assigned: 9 jobs wait.');
    assert.equal(full.findings[0]?.knob, 'maxRunners');
    const none = await explainText(
      gauges({ assigned_jobs: 34, running_jobs: 19, registered_runners: 19, desired_runners: 39, max_runners: 80 }),
    );
    assert.equal(none.verdict, 'Scale set linux wants 39 runners and 19 are registered at GitHub: 15 jobs wait.');
    const well = gauges({
      assigned_jobs: 3,
      running_jobs: 3,
      registered_runners: 3,
      desired_runners: 3,
      max_runners: 3,
    });
    assert.deepEqual((await explainText(well)).findings, []);
  });

  it('say nothing where a worker is free, or works for a short time', async () => {
    const text = (active: number, longestS: number): string =>
      [
        '# HELP controller_runtime_active_workers Number of currently used workers per controller',
        `controller_runtime_active_workers{controller="ephemeralrunner"} ${active}`,
        'controller_runtime_max_concurrent_reconciles{controller="ephemeralrunner"} 2',
        `workqueue_longest_running_processor_seconds{name="ephemeralrunner"} ${longestS}`,
      ].join('\n');
    for (const [active, longestS] of [
      [1, 900],
      [2, 3],
    ] as const) {
      assert.deepEqual((await explainText(text(active, longestS))).findings, []);
    }
    assert.equal((await explainText(text(2, 900))).findings[0]?.id, 'stalled-workers');
  });

  for (const text of ['nodes: 4\n', 'max_runners: 5\nname: x\n', '# Title\n\nretries 3\n']) {
    it(`are not seen in ${JSON.stringify(text)}`, async () => {
      await assert.rejects(explainText(text), /^EvidenceError: no line of .* is one of a controller's/);
    });
  }
});

describe('events of Kubernetes', () => {
  const TABLE = [
    'LAST SEEN          TYPE      REASON             OBJECT              MESSAGE',
    '3m (x12 over 9m)   Warning   FailedScheduling   pod/lark-runner-1   0/3 nodes are available: 3 Insufficient cpu.',
    '<unknown>          Normal    Scheduled          pod/lark-runner-2   Successfully assigned ci/lark-runner-2 to node-1',
    '10s                Normal    Started            pod/lark-runner-3   Started container runner',
    '20s                Warning   FailedMount        pod/lark-runner-3   MountVolume.SetUp failed',
  ].join('\n');

  it('as a table tell what a pod waits for, and nothing of one that has got over it', async () => {
    const { findings, files } = await explainText(TABLE, 'events.txt');
    assert.deepEqual(
      findings.map(({ id, runners }) => [id, runners]),
      [['pod-events', ['lark-runner-1']]],
    );
    assert.match(findings[0]?.evidence[0]?.says ?? '', /^FailedScheduling 12 times$/);
    assert.equal(findings[0]?.evidence[0]?.at.line, 2);
    assert.equal(files[0]?.unknown, 0);
  });

  it('as objects tell the same', async () => {
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'a.1', namespace: 'ci' },
      involvedObject: { kind: 'Pod', name: 'lark-runner-1', namespace: 'ci' },
      reason: 'FailedScheduling',
      message: '0/3 nodes are available: 3 Insufficient cpu.',
      type: 'Warning',
      count: 12,
      lastTimestamp: '2026-03-02T09:00:00Z',
    };
    const { findings } = await explainText(JSON.stringify({ kind: 'List', items: [event] }, null, 2), 'events.json');
    assert.match(findings[0]?.evidence[0]?.says ?? '', /^FailedScheduling 12 times$/);
  });
});

describe('a resource quota alone', () => {
  it('is no evidence of a refusal, and what it would refuse is said', async () => {
    const { verdict, isJudged } = await explainFiles(`${PASTED}quota.yaml`);
    assert.equal(isJudged, false);
    assert.match(verdict, /exceeded quota: used 1 \+ requested 1 > 1/);
  });
});

describe('a list of objects as JSON', () => {
  const metadata = { name: 'heron-1', namespace: 'ci', creationTimestamp: '2026-03-01T10:00:00Z' };
  const items = [
    { apiVersion: 'actions.github.com/v1alpha1', kind: 'EphemeralRunner', metadata, status: { phase: 'Running' } },
    { apiVersion: 'v1', kind: 'Pod', metadata, status: { phase: 'Running' } },
  ];
  for (const list of [
    { apiVersion: 'v1', items, kind: 'List' },
    { apiVersion: 'v1', kind: 'List', items },
    { kind: 'EphemeralRunnerList', apiVersion: 'actions.github.com/v1alpha1', metadata: {}, items },
  ]) {
    for (const space of [undefined, 4]) {
      it(`is read in ${space === undefined ? 'one line' : 'many lines'}, parts of a pod left out: ${Object.keys(list).join(', ')}`, async () => {
        const { files, runners } = await explainText(JSON.stringify(list, null, space));
        assert.deepEqual([...(files[0]?.formats ?? [])], [['Kubernetes objects', 2]]);
        assert.deepEqual(
          runners.map(({ name }) => name),
          ['heron-1'],
        );
      });
    }
  }
});

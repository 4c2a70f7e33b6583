import assert from 'node:assert/strict';
import { explainInputs, explainText } from '../../builders/evidence.ts';

const START = Date.parse('2026-05-01T10:00:00Z');

interface Line {
  readonly s: number;
  readonly text: string;
}

function line(s: number, logger: string, message: string, fields: object): Line {
  const stamp = new Date(START + Math.floor(s) * 1000).toISOString().replace('.000', '');
  return { s, text: `${stamp}\tINFO\t${logger}${message}\t${JSON.stringify({ version: '0.13.1', ...fields })}` };
}

/** A burst whose first calls hang, one for each worker, while the other runners wait. */
function hanging(runners: number, workers: number, hangS: number): string {
  const names = Array.from({ length: runners }, (_, index) => `teal-x-runner-${index}`);
  const lines = [
    line(0, '', 'Starting workers', {
      ...{ controller: 'ephemeralrunner', controllerGroup: 'actions.github.com', 'worker count': workers },
    }),
    ...names.map((runner) =>
      line(1, 'EphemeralRunnerSet\t', 'Created new ephemeral runner', {
        ...{ ephemeralrunnerset: { name: 'teal-x', namespace: 'ci' }, runner },
      }),
    ),
  ];
  for (const [index, name] of names.entries()) {
    const hangs = index < workers;
    const from = hangs ? 2 : 2 + hangS + index;
    const until = from + (hangs ? hangS : 0.2);
    const of = { ephemeralrunner: { name, namespace: 'ci' } };
    const said = (s: number, message: string, more: object = {}): Line =>
      line(s, 'EphemeralRunner\t', message, { ...of, ...more });
    lines.push(
      said(from, 'Adding finalizer'),
      said(from, 'Creating ephemeral runner JIT config'),
      said(until, 'Created ephemeral runner JIT config', { runnerId: index + 1 }),
      said(until, 'Created ephemeral runner secret'),
      said(until, 'Created ephemeral runner pod'),
    );
  }
  return lines
    .sort((a, b) => a.s - b.s)
    .map(({ text }) => text)
    .join('\n');
}

describe('a call that hangs while a burst waits', () => {
  it('is one finding with the late pod, and says who waited', async () => {
    const { findings } = await explainText(hanging(10, 1, 300), 'controller.log');
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['service-slow'],
    );
    const [{ sentence, details } = { sentence: '', details: [] as readonly string[] }] = findings;
    assert.match(sentence, /^The last pod came after 5 min \d+ s because 1 of 10 JIT calls took 5 min 0 s\.$/);
    assert.match(
      details.join(' '),
      /One JIT call for teal-x-runner-0 held a worker for 5 min 0 s, 10:00:02 to 10:05:02; teal-x-runner-1 and 8 others waited\./,
    );
  });

  it('is counted where several workers are held, and each line is shown once', async () => {
    const { findings } = await explainText(hanging(10, 2, 300), 'controller.log');
    assert.equal(findings.length, 1);
    const [finding] = findings;
    assert.match(finding?.sentence ?? '', /because 2 of 10 JIT calls took up to 5 min 0 s each\.$/);
    assert.ok(finding?.details.includes('1 more call held a worker for long.'));
    const lines = finding?.evidence.map(({ at }) => at.line) ?? [];
    assert.equal(new Set(lines).size, lines.length);
  });

  it('is not blamed where every call is slow', async () => {
    const { verdict } = await explainText(hanging(3, 3, 60), 'controller.log');
    assert.match(verdict, /because 3 JIT calls took \d+ s each/);
  });

  it('explains the runners that nobody looked at', async () => {
    const { findings } = await explainText(
      [
        '2026-04-16T19:49:28Z\tINFO\tEphemeralRunner\tRemoving runner from the service\t{"version": "0.14.1", "ephemeralrunner": {"name":"stork-a","namespace":"ci"}, "runnerId": 5511}',
        '2026-04-16T19:49:30Z\tINFO\tEphemeralRunnerSet\tCreated new ephemeral runner\t{"version": "0.14.1", "ephemeralrunnerset": {"name":"stork","namespace":"ci"}, "runner": "stork-b"}',
        '2026-04-16T20:09:32Z\tERROR\tReconciler error\t{"controller": "ephemeralrunner", "EphemeralRunner": {"name":"stork-a","namespace":"ci"}, "error": "giving up"}',
      ].join('\n'),
      'controller.log',
    );
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['held-call'],
    );
  });
});

describe('a quota that log and objects tell of', () => {
  it('is one finding, which names the runners of both', async () => {
    const said = (name: string): string =>
      `pods "${name}" is forbidden: exceeded quota: team, requested: limits.cpu=900m, used: limits.cpu=900m, limited: limits.cpu=1`;
    const log = `2026-05-04T10:00:00Z\tERROR\tEphemeralRunner\tFailed to create a pod due to unrecoverable failure\t${JSON.stringify({ ephemeralrunner: { name: 'rail-runner-5', namespace: 'build' }, error: said('rail-runner-5') })}`;
    const runner = (name: string): object => ({
      ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'EphemeralRunner', spec: {} },
      metadata: { name, namespace: 'build' },
      status: { phase: 'Failed', reason: 'InvalidPod', message: `Failed to create the pod: ${said(name)}` },
    });
    const items = [runner('rail-runner-5'), runner('rail-runner-6')];
    const { findings } = await explainInputs({
      'controller.log': [log],
      'objects.json': [JSON.stringify({ apiVersion: 'v1', kind: 'List', items })],
    });
    assert.equal(findings.length, 1);
    assert.match(findings[0]?.sentence ?? '', /used limits\.cpu=900m \+ requested limits\.cpu=900m > 1\.$/);
    assert.deepEqual(findings[0]?.runners, ['rail-runner-5', 'rail-runner-6']);
    assert.ok(findings[0]?.details.includes('The same holds for rail-runner-6.'));
  });
});

describe('sets of the same name', () => {
  it('in two namespaces have names of their own', async () => {
    const set = (namespace: string): object => ({
      ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'AutoscalingRunnerSet', spec: {} },
      metadata: { name: 'snipe', namespace },
      status: { phase: 'Outdated', currentRunners: 10 },
    });
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [set('ci'), set('other')] });
    const { findings } = await explainText(text, 'sets.json');
    assert.deepEqual(
      findings.map(({ sentence }) => /^Set (\S+) is/.exec(sentence)?.[1]),
      ['ci/snipe', 'other/snipe'],
    );
  });
});

describe('a held call whose beginning the log does not have', () => {
  const URL = 'https://broker.example/rest/_apis/distributedtask/pools/0/agents/5511?api-version=6.0-preview';
  const failed = `2026/04/16 19:54:29 [ERR] DELETE ${URL} request failed: Delete "${URL}": context deadline exceeded`;
  const ended = (name: string): string =>
    `2026-04-16T20:09:32Z\tERROR\tReconciler error\t{"controller": "ephemeralrunner", "EphemeralRunner": {"name":"${name}","namespace":"ci"}, "error": "failed to remove the runner from the service: giving up after 5 attempt(s)"}`;

  it('is named by the failed try and the end of its pass, with the least that it lasted', async () => {
    const { verdict, findings } = await explainText([failed, ended('stork-a')].join('\n'), 'controller.log');
    assert.equal(verdict, 'One DELETE call for stork-a held a worker for at least 15 min 3 s, 19:54:29 to 20:09:32.');
    assert.equal(findings.length, 1);
    assert.doesNotMatch(JSON.stringify(findings[0]?.details), /less than 1 s/);
  });

  it('is not guessed where it may be one of two runners', async () => {
    const { findings } = await explainText([failed, ended('stork-a'), ended('stork-b')].join('\n'), 'controller.log');
    assert.ok(findings.every(({ id }) => id !== 'held-call'));
  });
});

describe('a worker that is held by the metrics', () => {
  const page = (busy: number, longest: number): string =>
    [
      `controller_runtime_active_workers{controller="ephemeralrunner"} ${busy}`,
      'controller_runtime_max_concurrent_reconciles{controller="ephemeralrunner"} 2',
      `workqueue_longest_running_processor_seconds{name="ephemeralrunner"} ${longest}`,
      'workqueue_depth{name="ephemeralrunner"} 4',
    ].join('\n');

  it('is named while another one goes on', async () => {
    const { verdict } = await explainText(page(1, 915.9), 'controller.prom');
    assert.equal(
      verdict,
      'A worker of ephemeralrunner is held, for 15 min 15 s, and 1 of 2 is busy; 4 objects wait in the queue.',
    );
  });

  it('is no finding with short passes, or with none', async () => {
    for (const text of [page(1, 3), page(0, 0)]) {
      const { findings } = await explainText(text, 'controller.prom');
      assert.deepEqual(findings, []);
    }
  });
});

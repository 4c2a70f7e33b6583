import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { explainFiles, explainText, runnerLine } from '../../builders/evidence.ts';

const PASTED = fileURLToPath(new URL('pasted/', import.meta.url));

const POD_LINE =
  '2026-03-02T09:00:01Z\tINFO\tEphemeralRunner\tCreated ephemeral runner pod\t{"ephemeralrunner": {"name":"lark-1","namespace":"ci"}}';

describe('logs as people paste them', () => {
  it('show the first difference between a runner before and one after an upgrade', async () => {
    const { verdict, findings, release } = await explainFiles(`${PASTED}upgrade-0.11-to-0.12.log`);
    assert.match(verdict, /^puffin-pthw7-runner-r94hn ended, but the service still listed it/);
    assert.match(
      findings[0]?.details[0] ?? '',
      /puffin-r8m4f-runner-ljvb4 the service no longer had .* first difference/,
    );
    assert.equal(release?.text, '0.11.0, then 0.12.0');
  });

  it('are put into order where the newest line comes first, with the milliseconds of the other clock', async () => {
    const { runners, files } = await explainFiles(`${PASTED}newest-first.log`);
    assert.equal(files[0]?.isNewestFirst, true);
    assert.equal(files[0]?.zoneUs, 2 * 3600e6, 'the zone of the store is the difference between the clocks');
    const [{ lines } = { lines: [] }] = runners.map(({ name }) => ({ lines: [name] }));
    assert.deepEqual(lines, ['dunlin-zh6h4-runner-v9sch']);
    assert.match(runners[0]?.milestones.finished?.until ?? '', /^2026-07-11T15:20:19\.272/);
  });

  it('tell that a JSON log is sampled, and read the first of two messages in a line', async () => {
    const { findings, runners, files } = await explainFiles(`${PASTED}sampled.jsonl`);
    assert.match(findings[0]?.sentence ?? '', /is sampled: about 99 lines are missing, the first 99 before line 5\./);
    assert.equal(files[0]?.sampledAway, 99);
    assert.ok(
      runners.every(({ path }) => path.length === 0),
      'a wait was inferred from a sampled log',
    );
    assert.equal(runners[0]?.name, 'teal-25f4q-runner-66w6w');
  });

  it('tell why no runner is made though a job waits', async () => {
    const { verdict } = await explainFiles(`${PASTED}satisfied-by-existing.log`);
    assert.match(verdict, /no runner is made: 1 assigned \+ minimum 3 = 4, and 4 exist already/);
  });

  it('tell which call held a worker, from when to when, and who waited', async () => {
    const { verdict, findings } = await explainFiles(`${PASTED}held-call.log`);
    assert.match(
      verdict,
      /One DELETE call for stork-9vx2k-runner-7hq4d held a worker for 20 min 3 s, 19:49:29 to 20:09:32; stork-9vx2k-runner-b8w5z waited/,
    );
    assert.deepEqual(
      findings[0]?.evidence.map(({ at }) => at.line),
      [2, 5, 6, 3],
    );
    assert.equal(findings.length, 1, 'the same is said twice');
  });

  it('are read where tabs have become spaces, and where a runner is named as namespace/name', async () => {
    const { runners, files, reading } = await explainFiles(`${PASTED}tabs-as-spaces.log`);
    assert.deepEqual(
      runners.map(({ name, namespace }) => [name, namespace]),
      [
        ['crane-l2srp-runner-4wc2h', 'ci'],
        ['crane-ws992-runner-gx56b', 'ci'],
      ],
    );
    assert.equal(files[0]?.unknown, 0);
    assert.equal(unfitted(reading).settings.workers?.value, 2);
  });

  it('count how often and for how long a removal was refused', async () => {
    const { verdict } = await explainFiles(`${PASTED}removal-refused.log`);
    assert.match(verdict, /refused to remove finch-b7-runner-k9m2x twice over 30 s/);
  });

  it('are read out of a log store that lists the newest first, in the order in which they were taken', async () => {
    const { runners, files, release } = await explainFiles(`${PASTED}cloud-logging.json`);
    assert.equal(files[0]?.isNewestFirst, true);
    assert.equal(release?.text, '0.14.1');
    assert.equal(runners[0]?.milestones.podCreated?.at, '2026-03-02T09:00:01.904112Z');
    assert.equal(runners[0]?.evidence.podCreated?.endsWith('cloud-logging.json:2'), true);
  });

  const stored: [title: string, text: string][] = [
    [
      'CloudWatch, as a list',
      JSON.stringify([
        {
          timestamp: 1772442001904,
          message:
            '2026-03-02T09:00:01Z\tINFO\tEphemeralRunner\tCreated ephemeral runner pod\t{"ephemeralrunner": {"name":"lark-1","namespace":"ci"}}',
        },
      ]),
    ],
    [
      'Loki, a record a line',
      JSON.stringify({
        labels: { app: 'arc' },
        line: '{"severity":"info","ts":"2026-03-02T09:00:01Z","logger":"EphemeralRunner","message":"Created ephemeral runner pod","ephemeralrunner":{"name":"lark-1","namespace":"ci"}}',
        timestamp: '2026-03-02T09:00:01.904Z',
      }),
    ],
    [
      'CloudWatch, an event a line',
      `{"timestamp":1772442001904,"message":${JSON.stringify(`${POD_LINE}\n`)},"ingestionTime":1772442009000}`,
    ],
    [
      'aws logs filter-log-events, in one line',
      JSON.stringify({ events: [{ logStreamName: 'arc', timestamp: 1772442001904, message: POD_LINE }] }),
    ],
    [
      'aws logs filter-log-events, over several lines',
      JSON.stringify(
        { events: [{ timestamp: 1772442001904, message: POD_LINE }], searchedLogStreams: [{ logStreamName: 'arc' }] },
        null,
        4,
      ),
    ],
    [
      "Loki's answer to a query",
      JSON.stringify({
        status: 'success',
        data: {
          resultType: 'streams',
          result: [{ stream: { app: 'arc' }, values: [['1772442001904112345', POD_LINE]] }],
          stats: { summary: { bytesProcessedPerSecond: 1 } },
        },
      }),
    ],
  ];
  for (const [title, text] of stored) {
    it(`are read out of ${title}`, async () => {
      const { runners, files } = await explainText(text);
      assert.match(runners[0]?.milestones.podCreated?.at ?? '', /^2026-03-02T09:00:01\.904/);
      assert.equal(files[0]?.unknown, 0);
    });
  }

  it('come in the order of their times out of several streams of Loki, newest first or not', async () => {
    const value = (ns: string, message: string): [string, string] => [
      ns,
      runnerLine('2026-03-02T09:00:01Z', 'lark-1', message),
    ];
    const streams = [
      [value('1772442001300000000', 'Created ephemeral runner pod'), value('1772442001100000000', 'Adding finalizers')],
      [value('1772442001200000000', 'Creating ephemeral runner JIT config')],
    ];
    const result = streams.map((values, index) => ({ stream: { pod: `arc-${index}` }, values }));
    const { runners } = await explainText(
      JSON.stringify({ status: 'success', data: { resultType: 'streams', result } }, null, 2),
    );
    assert.equal(runners[0]?.startsInLife, false);
    assert.match(runners[0].milestones.podCreated?.at ?? '', /:01\.300000Z$/);
  });

  it('have sentences of at most 25 words, each with a line to show for it', async () => {
    for (const file of readdirSync(PASTED)) {
      for (const { sentence, evidence } of (await explainFiles(`${PASTED}${file}`)).findings) {
        assert.ok(sentence.split(/\s+/).length <= 25, `${sentence.split(/\s+/).length} words: ${sentence}`);
        assert.ok(evidence.length > 0, sentence);
      }
    }
  });
});

describe('objects as kubectl prints them', () => {
  const cases: [file: string, verdict: RegExp, details: readonly RegExp[]][] = [
    [
      'slow-node.yaml',
      /^wren-fftkq-runner-6d6zk spent 8 min 56 s in init-dind-externals on node-9; its peer 1 s\.$/,
      [],
    ],
    [
      'oom-killed.yaml',
      /runner ran out of memory and was killed while dind keeps the pod Running \(OOMKilled\)/,
      [/^Since 2026-03-02T09:17:41Z\.$/],
    ],
    [
      'running-without-pod.yaml',
      /reports Running but has no pod/,
      [
        /^Job 77120 is assigned to it\.$/,
        /^A pod of it failed at 2026-03-02T07:00:12Z\.$/,
        /What was given has no pod at all/,
      ],
    ],
    ['failed-invalid-pod.yaml', /spec\.initContainers\[0\]\.restartPolicy: Unsupported value: "OnFailure"/, []],
    ['outdated-deadlock.yaml', /Set snipe is Outdated and counts 10 runners, but 0 exist here: nothing is queued/, []],
  ];
  for (const [file, verdict, details] of cases) {
    it(`tell what is wrong: ${file}`, async () => {
      const answer = await explainFiles(`${PASTED}${file}`);
      assert.match(answer.verdict, verdict);
      for (const detail of details) {
        assert.ok(
          answer.findings[0]?.details.some((each) => detail.test(each)),
          `${String(detail)}: ${answer.findings[0]?.details.join('\n')}`,
        );
      }
    });
  }

  const evidence: [file: string, lines: readonly number[]][] = [
    ['oom-killed.yaml', [21, 36]],
    ['running-without-pod.yaml', [20]],
    ['failed-invalid-pod.yaml', [19]],
  ];
  for (const [file, lines] of evidence) {
    it(`are shown by the lines of their fields: ${file}`, async () => {
      const { findings } = await explainFiles(`${PASTED}${file}`);
      assert.deepEqual(
        findings[0]?.evidence.map(({ at }) => at.line),
        lines,
      );
    });
  }

  it('tell what is wrong with the pod of a runner where only pods were asked for', async () => {
    const pod = (name: string, labels: Readonly<Record<string, string>>): unknown => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'ci', creationTimestamp: '2026-03-02T12:00:00Z', labels },
      spec: { containers: [{ name: 'runner', image: 'nowhere/runner:1' }] },
      status: {
        phase: 'Pending',
        containerStatuses: [
          {
            name: 'runner',
            state: { waiting: { reason: 'ErrImagePull', message: 'pull access denied' } },
          },
        ],
      },
    });
    const items = [pod('lark-1', { 'actions-ephemeral-runner': 'True' }), pod('web', {})];
    const { findings } = await explainText(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2));
    assert.deepEqual(
      findings.map(({ runners }) => runners),
      [['lark-1']],
    );
    assert.match(findings[0]?.sentence ?? '', /^lark-1: .*ErrImagePull/);
  });

  it('given twice are counted once', async () => {
    const file = `${PASTED}oom-killed.yaml`;
    assert.equal((await explainFiles(file, file)).findings.length, 1);
  });

  it('are joined with a log', async () => {
    const log = `${PASTED}held-call.log`;
    const { findings } = await explainFiles(log, `${PASTED}oom-killed.yaml`);
    assert.deepEqual(findings.map(({ id }) => id).sort(), ['held-call', 'object-problem']);
  });

  it('that are cut are refused in one sentence', async () => {
    await assert.rejects(
      explainText('apiVersion: v1\nitems: [\n', 'dump.yaml'),
      /^EvidenceError: dump\.yaml cannot be read: [^\n]+$/,
    );
  });
});

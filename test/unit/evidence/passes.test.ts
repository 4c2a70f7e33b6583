import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { madeBy } from '../../../src/analysis/made.ts';
import { openInput } from '../../../src/evidence/open-input.ts';
import { TraceMaker } from '../../../src/evidence/passes/trace-maker.ts';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS, type RunSettings } from '../../../src/run/settings.ts';
import { parseTrace, traceLines } from '../../../src/trace/jsonl.ts';
import type { PassEvent, TraceRequest } from '../../../src/trace/model.ts';
import type { TraceLog } from '../../../src/trace/trace-log.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { at, createdLine, runnerLine, workersLine } from '../../builders/evidence.ts';
import { traceSchema } from '../../builders/trace-schema.ts';

const LOGS = fileURLToPath(new URL('logs/', import.meta.url));

async function traceOf(
  inputs: readonly { readonly name: string; readonly bytes: AsyncIterable<Uint8Array> }[],
): Promise<TraceLog> {
  const maker = new TraceMaker();
  await readEvidence(inputs, (...line) => maker.take(...line));
  return maker.end('0.14.2') as TraceLog;
}

function traceOfLog(name: string): Promise<TraceLog> {
  return traceOf([{ name, bytes: openInput(`${LOGS}${name}.log.gz`) }]);
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

function traceOfText(...lines: readonly string[]): Promise<TraceLog> {
  return traceOf([{ name: 'controller.log', bytes: bytesOf(`${lines.join('\n')}\n`) }]);
}

/** Wall clock of a trace's start, in microseconds. */
function startUs({ header }: TraceLog): number {
  return Date.parse(`${header.start.slice(0, 23)}Z`) * 1000 + Number(header.start.slice(23, 26));
}

/** How many of the borders of `found` are ones of `truth` too, within `withinUs`; each of the truth's counts once. */
function matches(found: readonly number[], truth: readonly number[], withinUs: number): number {
  const left = [...truth].sort((a, b) => a - b);
  let count = 0;
  for (const border of [...found].sort((a, b) => a - b)) {
    const index = left.findIndex((other) => Math.abs(other - border) <= withinUs);
    if (index < 0) continue;
    left.splice(index, 1);
    count++;
  }
  return count;
}

describe('passes put together from lines of the real controllers', () => {
  /** How many passes the controller's own metrics counted. */
  const COUNTED: readonly [log: string, passes: number][] = [
    ['burst-100-workers-4-latest.controller', 300],
    ['burst-300-workers-2-latest.controller', 900],
    ['burst-300-workers-2-new.controller', 1200],
    ['jobs-3-latest.controller', 32],
    ['jobs-3-new.controller', 50],
    ['jobs-3-old.controller', 60],
    ['jobs-50-latest.controller', 353],
    ['jobs-50-new.controller', 602],
    ['jobs-max-old.controller', 332],
    ['set-100-workers-10-new.controller', 405],
    ['set-100-workers-2-latest.controller', 200],
    ['set-30-json-latest.controller', 61],
    ['set-30-json-new.controller', 128],
    ['jobs-3-new.prefix-timestamps', 50],
    ['set-30-latest.timestamps', 60],
  ];
  for (const [log, passes] of COUNTED) {
    it(`are as many as its metrics count, within a hundredth: ${log}`, async () => {
      const trace = await traceOfLog(log);
      assert.ok(Math.abs(trace.passCount - passes) <= passes / 100, `${trace.passCount} passes, ${passes} counted`);
    });
  }

  /** Milliseconds after the truth's start, by the API server's audit log. */
  type Request = readonly [t: number, latencyMs: number, verb: string, resource: string, name: string, code: number];
  /** Between a border of a pass and the request there: the client, the way and a stamp's age. */
  const NEAR_US = 10e3;
  const NS = 'arc-runners';

  /** The requests as lines of an audit log, between those of others who look at the same objects. */
  function auditLines(t0Us: number, requests: readonly Request[]): string[] {
    const stamp = (us: number): string => {
      const whole = Math.round(us);
      return `${new Date(Math.floor(whole / 1000)).toISOString().slice(0, 23)}${String(whole % 1000).padStart(3, '0')}Z`;
    };
    const line = (us: number, tookUs: number, user: string, verb: string, resource: string, rest: object): string => {
      const [name, subresource] = resource.split('/');
      return JSON.stringify({
        ...{ kind: 'Event', apiVersion: 'audit.k8s.io/v1', level: 'Metadata', stage: 'ResponseComplete', verb },
        ...{ user: { username: user }, objectRef: { resource: name, namespace: NS, subresource, ...rest } },
        ...{ responseStatus: { code: 200 }, requestReceivedTimestamp: stamp(us), stageTimestamp: stamp(us + tookUs) },
      });
    };
    return requests.flatMap(([t, ms, verb, resource, name]) => [
      line(t0Us + t * 1000, ms * 1000, 'system:serviceaccount:arc-systems:arc', verb, resource, { name }),
      line(t0Us + t * 1000 + 350e3, 900, 'system:node:node-1', 'get', 'secrets', { name }),
    ]);
  }

  for (const [log, truth] of [
    ['set-30-latest.timestamps', 'set-30-latest'],
    ['jobs-3-new.prefix-timestamps', 'jobs-3-new'],
  ] as const) {
    for (const [what, isAudited, enough] of [
      ['the log alone', false, 0.95],
      ['the log and the audit log', true, 0.99],
    ] as const) {
      it(`have borders where the API server saw requests begin and end: ${log}, by ${what}`, async () => {
        const { t0 } = JSON.parse(readFileSync(`${LOGS}${truth}.truth.json`, 'utf8')) as { t0: string };
        const packed = readFileSync(`${LOGS}${truth}.requests.json.gz`);
        const requests = JSON.parse(gunzipSync(packed).toString()) as Request[];
        const t0Us = Date.parse(`${t0.slice(0, 23)}Z`) * 1000 + Number(t0.slice(23, 26));
        const audit = { name: 'audit.jsonl', bytes: bytesOf(auditLines(t0Us, requests).join('\n')) };
        const inputs = [{ name: log, bytes: openInput(`${LOGS}${log}.log.gz`) }];
        const trace = await traceOf(isAudited ? [...inputs, audit] : inputs);
        const offUs = t0Us - startUs(trace);
        let [covered, borders, right] = [0, 0, 0];
        const passes = [...trace.passes()].filter(({ basis }) => basis === 'seen');
        for (const [t, latencyMs, , , name] of requests) {
          const [from, to] = [offUs + t * 1000, offUs + (t + latencyMs) * 1000];
          covered += Number(
            passes.some(
              ({ object, started = NaN, ended }) =>
                object.endsWith(`/${name}`) && from >= started - NEAR_US && to <= ended + NEAR_US,
            ),
          );
        }
        for (const { object, started = NaN, ended, requests: asked = [] } of passes) {
          const own = requests
            .filter(([, , , , name]) => object.endsWith(`/${name}`))
            .map(([t, latencyMs]) => [offUs + t * 1000, offUs + (t + latencyMs) * 1000] as const)
            .filter(([from, to]) => from >= started - NEAR_US && to <= ended + NEAR_US);
          if (own.length === 0) continue;
          borders++;
          right += Number(Math.abs(Math.max(...own.map(([, to]) => to)) - ended) <= NEAR_US);
          // The API server does not see the beginning of a pass that begins with a call to the Actions service.
          if (asked[0]?.to === 'actions') continue;
          borders++;
          right += Number(Math.abs(Math.min(...own.map(([from]) => from)) - started) <= NEAR_US);
        }
        const [recall, precision] = [covered / requests.length, right / borders];
        const figure = `recall ${(recall * 100).toFixed(1)} %, precision ${(precision * 100).toFixed(1)} %`;
        process.stdout.write(`    ${log}, by ${what}: ${figure} of ${borders} borders\n`);
        assert.ok(recall >= enough && precision >= enough, figure);
      });
    }
  }
});

describe('passes put together from lines of our own runs, written as a log', () => {
  /** Times of a log with `kubectl logs --timestamps`, and what its lines come from. */
  function written(settings: Partial<RunSettings> & Pick<RunSettings, 'mode'>): { text: string; trace: TraceLog } {
    const clock = new VirtualClock();
    const stamp = (us: number): string =>
      `${new Date(VIRTUAL_EPOCH_MS + Math.floor(us / 1000)).toISOString().slice(0, 23)}${String(us % 1000).padStart(3, '0')}000Z`;
    const all: RunSettings = { ...DEFAULT_SETTINGS, ...settings };
    const lines = [`${stamp(0)} ${workersLine(stamp(0).slice(0, 19) + 'Z', all.workers)}`];
    const rig = new EmbeddedRig({
      ...{ clock, settings: all, epochMs: VIRTUAL_EPOCH_MS },
      onLogLine: ({ atUs, level, runner, message, fields }) => {
        const name = runner.split('/')[1] ?? '';
        const time = stamp(atUs);
        const kept = Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined));
        lines.push(`${time} ${runnerLine(`${time.slice(0, 19)}Z`, name, message, kept, level.toUpperCase())}`);
      },
    });
    rig.start();
    rig.runnerSet.create(all.runners, () => undefined);
    clock.run(120e6);
    return { text: lines.join('\n'), trace: rig.trace };
  }

  /** How many of each were made, by the answers to requests. */
  function madeIn(trace: TraceLog): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const request of [...trace.passes()].flatMap(({ requests = [] }) => requests)) {
      const made = madeBy(request);
      if (made !== undefined) counts[made] = (counts[made] ?? 0) + 1;
    }
    return counts;
  }

  for (const mode of ['old', 'new', '0.13.1', '0.14.2', 'latest']) {
    for (const workers of [1, 2, 4, 10]) {
      it(`have the borders of the run within a request, and its workers: ${mode}, ${workers} workers`, async () => {
        const { text, trace } = written({ mode, workers, runners: 30, seed: workers });
        const read = await traceOfText(text);
        const offUs = VIRTUAL_EPOCH_MS * 1000 - startUs(read);
        const of = (passes: Iterable<PassEvent>, addUs: number): number[] =>
          [...passes].flatMap(({ started = NaN, ended }) => [started + addUs, ended + addUs]);
        const [found, truth] = [of(read.passes(), 0), of(trace.passes(), offUs)];
        const count = matches(found, truth, 20e3);
        const [precision, recall] = [count / found.length, count / truth.length];
        const figure = `precision ${(precision * 100).toFixed(1)} %, recall ${(recall * 100).toFixed(1)} %`;
        process.stdout.write(`    ${mode}, ${workers} workers: ${figure} of ${truth.length} borders\n`);
        assert.ok(precision >= 0.95 && recall >= 0.95, figure);
        assert.ok([...read.passes()].every(({ worker = 0 }) => worker < workers));
        assert.deepEqual(madeIn(read), madeIn(trace));
      });
    }
  }
});

describe('answers to requests, as lines tell them', () => {
  /** The requests of a pass of one runner with these lines, a second apart. */
  async function requestsOf(...lines: readonly [message: string, error?: string][]): Promise<readonly TraceRequest[]> {
    const trace = await traceOfText(
      workersLine(at(0), 1),
      createdLine(at(1), 'a'),
      ...lines.map(([message, error], index) =>
        message === 'Reconciler error'
          ? `${at(2 + index)}\tERROR\tReconciler error\t{"controller": "ephemeralrunner", "EphemeralRunner": {"name":"a","namespace":"ci"}, "error": ${JSON.stringify(error)}}`
          : error === undefined
            ? runnerLine(at(2 + index), 'a', message)
            : runnerLine(at(2 + index), 'a', message, { error }, 'ERROR'),
      ),
    );
    return [...trace.passes()].flatMap(({ requests = [] }) => requests).filter(({ basis }) => basis === undefined);
  }

  const POD = 'Created new pod spec for ephemeral runner';
  const JIT = 'Creating ephemeral runner JIT config';
  const CASES: readonly [what: string, lines: [string, string?][], status: number | undefined, hasMessage: boolean][] =
    [
      ['a pod that was made', [[POD], ['Created ephemeral runner pod']], 201, false],
      ['a registration', [[JIT], ['Created ephemeral runner JIT config']], 200, false],
      ['a removal', [['Removing runner from the service'], ['Removed runner from the service']], 204, false],
      [
        'a pod that is invalid',
        [
          [POD],
          [
            'Failed to create a pod due to unrecoverable failure',
            'Pod "a" is invalid: spec.containers[1].name: Invalid value',
          ],
        ],
        422,
        true,
      ],
      [
        'a pod that a policy forbids',
        [
          [POD],
          [
            'Failed to create pod resource for ephemeral runner.',
            'pods "a" is forbidden: violates PodSecurity "restricted:latest"',
          ],
        ],
        403,
        true,
      ],
      [
        'a pod beyond the quota',
        [[POD], ['Resource quota is exceeded; requeue in 30s to retry pod creation']],
        403,
        false,
      ],
      [
        'a registration that the service refuses',
        [[JIT], ['Reconciler error', 'failed to generate JIT config: StatusCode 503, AcitivityId x: unavailable']],
        503,
        true,
      ],
      [
        'a registration without an answer',
        [[JIT], ['Reconciler error', 'Post "https://pipelines.example": context deadline exceeded']],
        0,
        true,
      ],
      ['a refusal that names no status', [[POD], ['Reconciler error', 'something else went wrong']], undefined, true],
      [
        'a removal of a runner that works',
        [
          ['Removing runner from the service'],
          ['Runner job is still running, cannot remove the runner from the service yet'],
        ],
        400,
        false,
      ],
    ];
  for (const [what, lines, status, hasMessage] of CASES) {
    it(`tell of ${what}`, async () => {
      const [request] = await requestsOf(...lines);
      assert.deepEqual(
        [request?.status, request?.message !== undefined],
        [status, hasMessage],
        JSON.stringify(request),
      );
    });
  }

  it('say of no recorded log that a pod was made without an answer, or with none that the controller wrote of', async () => {
    for (const log of [
      'burst-300-workers-2-new.controller',
      'jobs-3-old.controller',
      'set-30-json-latest.controller',
    ]) {
      const trace = await traceOfLog(log);
      const made = [...trace.passes()].flatMap(({ requests = [] }) => requests).filter((one) => madeBy(one) === 'pod');
      const seen = [...trace.events()].filter((event) => event.type === 'object' && event.pod === 'created');
      assert.ok(seen.length > 0 && made.length === seen.length, `${log}: ${made.length} made, ${seen.length} seen`);
    }
  });
});

describe('the trace of a log', () => {
  const LINES = [
    workersLine(at(0), 1),
    createdLine(at(1), 'a'),
    runnerLine(at(1), 'a', 'Adding finalizer'),
    runnerLine(at(1), 'a', 'Successfully added finalizer'),
    runnerLine(at(2), 'a', 'Creating new ephemeral runner registration and updating status with runner config'),
    runnerLine(at(2), 'a', 'Creating ephemeral runner JIT config'),
    `${at(4)}\tERROR\tReconciler error\t{"controller": "ephemeralrunner", "EphemeralRunner": {"name":"a","namespace":"ci"}, "error": "no token=ghp_abcdefghijklmnopqrst here"}`,
    runnerLine(at(5), 'a', 'Creating ephemeral runner JIT config'),
  ];

  it('obeys the schema of traces, and is the same once written and read', async () => {
    for (const trace of [await traceOfText(...LINES), await traceOfLog('jobs-3-latest.controller')]) {
      const text = [...traceLines(trace)].join('');
      const obeys = traceSchema();
      for (const line of text.trimEnd().split('\n')) {
        assert.ok(obeys(JSON.parse(line)), `${JSON.stringify(obeys.errors?.[0])} ${line}`);
      }
      assert.equal([...traceLines(parseTrace(text))].join(''), text);
    }
  });

  it('has passes with worker, phases, requests, error and the back-off after it, and the one that is open at the end', async () => {
    const trace = await traceOfText(...LINES);
    const passes = [...trace.passes()];
    assert.deepEqual(
      passes.map(({ worker, result, attempt, trigger, phases = [] }) => [
        worker,
        result,
        attempt,
        trigger,
        phases[0]?.name,
      ]),
      [
        [0, 'done', 1, 'ephemeralrunner-added', 'add-finalizer'],
        [0, 'error', 1, 'ephemeralrunner-updated', 'register'],
      ],
    );
    assert.match(passes[1]?.error ?? '', /\[redacted\]/);
    assert.deepEqual(
      passes[1]?.requests?.map(({ to, verb, resource }) => [to, verb, resource]),
      [['actions', 'post', 'generatejitconfig']],
    );
    const [open] = trace.open();
    assert.equal(open?.started === undefined ? undefined : open.attempt, 2);
    assert.equal(open?.trigger, 'error');
    assert.equal(trace.header.sources[0]?.resolutionUs, 1e6);
  });

  it('leaves nothing open where lines were sampled away: an answer may be among them', async () => {
    const json = (second: number, name: string): string =>
      `{"severity":"info","ts":"${at(second)}","logger":"EphemeralRunner","message":"Adding finalizers","version":"0.14.1","ephemeralrunner":{"name":"${name}","namespace":"ci"}}`;
    const lines = [json(1, 'a'), json(1, 'b'), json(3, 'c')];
    const whole = new TraceMaker();
    const sampled = new TraceMaker();
    for (const maker of [whole, sampled]) {
      const inputs = [{ name: 'controller.log', bytes: bytesOf(`${lines.join('\n')}\n`) }];
      await readEvidence(inputs, (...line) => maker.take(...line));
    }
    assert.equal([...(whole.end('0.14.1') as TraceLog).open()].length, 3);
    const trace = sampled.end('0.14.1', 99) as TraceLog;
    assert.deepEqual([...trace.open()], []);
    assert.deepEqual(
      [...trace.passes()].map(({ result, started, ended }) => [result, ended === started]),
      Array.from({ length: 3 }, () => ['unknown', true]),
    );
  });

  it('has for each line the pass that it is about', async () => {
    const trace = await traceOfText(...LINES);
    const lines = [...trace.events()].flatMap((event) => (event.type === 'line' ? [[event.line, event.pass]] : []));
    assert.deepEqual(lines, [
      [3, '0'],
      [4, '0'],
      [5, '1'],
      [6, '1'],
      [7, '1'],
      [8, '2'],
    ]);
  });

  it('leaves the worker out where the log does not say how many there are', async () => {
    const trace = await traceOfText(...LINES.slice(1));
    assert.ok([...trace.passes()].every(({ worker }) => worker === undefined));
  });
});

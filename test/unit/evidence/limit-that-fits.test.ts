import assert from 'node:assert/strict';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { at, createdLine, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

const BEFORE_CALL = [
  'Adding finalizer',
  'Successfully added finalizer',
  'Adding runner registration finalizer',
  'Successfully added runner registration finalizer',
  'Creating new ephemeral runner registration and updating status with runner config',
];
const AFTER_CALL = [
  'Updating ephemeral runner status with runnerId and runnerJITConfig',
  'Updated ephemeral runner status with runnerId and runnerJITConfig',
  'Creating new ephemeral runner secret for jitconfig.',
  'Creating new secret for ephemeral runner',
  'Created new secret spec for ephemeral runner',
  'Created ephemeral runner secret',
  'Creating new EphemeralRunner pod.',
  'Creating new pod for ephemeral runner',
  'Created new pod spec for ephemeral runner',
  'Created ephemeral runner pod',
];

/** A burst whose runners come from their workers one every `everyS`, each after `beforeS` of requests and a JIT call of `callS`. */
function burst(
  release: string,
  {
    workers,
    runners,
    everyS,
    callS,
    beforeS = 0,
  }: Record<'workers' | 'runners' | 'everyS' | 'callS', number> & { readonly beforeS?: number },
): Promise<Explanation> {
  const names = Array.from({ length: runners }, (_, index) => `set-runner-${index}`);
  const ways = names.flatMap((name, index) => {
    const endS = (index + 1) * everyS;
    const say = (seconds: number) => (message: string) => ({
      seconds,
      line: runnerLine(stamp(seconds), name, message),
    });
    return [
      ...BEFORE_CALL.map(say(endS - callS - beforeS)),
      say(endS - callS)('Creating ephemeral runner JIT config'),
      say(endS)('Created ephemeral runner JIT config'),
      ...AFTER_CALL.map(say(endS)),
    ];
  });
  const lines = [
    workersLine(stamp(0), workers),
    ...names.map((name) => createdLine(stamp(0), name)),
    ...ways.sort((a, b) => a.seconds - b.seconds).map(({ line }) => line),
  ];
  return explainText(lines.join('\n').replaceAll('"NA"', JSON.stringify(release)));
}

function stamp(seconds: number): string {
  const ms = Math.round((seconds % 1) * 1000);
  return ms === 1000 ? at(seconds + 1) : at(seconds).replace('Z', `.${String(ms).padStart(3, '0')}Z`);
}

describe('the cause of a slow burst', () => {
  const oneAtATime: [title: string, shape: Parameters<typeof burst>[1]][] = [
    ['at half the rate of the limit', { workers: 4, runners: 100, everyS: 0.5, callS: 0.48 }],
    ['at the rate of the limit', { workers: 4, runners: 300, everyS: 0.3, callS: 0.28 }],
    ['faster than the limit', { workers: 2, runners: 300, everyS: 0.2, callS: 0.19 }],
    ['far faster than the limit', { workers: 8, runners: 400, everyS: 0.1, callS: 0.09 }],
  ];
  for (const [title, shape] of oneAtATime) {
    it(`is the lock where it is taken all the time, and no line shows workers that wait: ${title}`, async () => {
      const { findings } = await burst('0.14.2', shape);
      assert.deepEqual(
        findings.map(({ id }) => id),
        ['actions-lock'],
      );
    });
  }

  it("is not the client's limit where requests came faster", async () => {
    const { findings, verdict } = await burst('0.12.1', { workers: 2, runners: 200, everyS: 0.15, callS: 0.1 });
    assert.doesNotMatch(verdict, /limit/);
    assert.ok(!findings.some(({ id }) => id === 'client-limit'));
  });

  for (const runners of [60, 200, 400]) {
    it(`is the worker where ${runners} calls fill most of its time and no request took longer than one takes`, async () => {
      const { findings, verdict } = await burst('0.12.1', {
        workers: 1,
        runners,
        everyS: 0.24,
        callS: 0.16,
        beforeS: 0.08,
      });
      assert.equal(findings[0]?.id, 'workers-busy', verdict);
      assert.doesNotMatch(verdict, /limit/);
    });
  }

  it("is the client's limit where requests came as fast as that allows", async () => {
    const { verdict } = await burst('0.12.1', { workers: 2, runners: 200, everyS: 0.22, callS: 0.05 });
    assert.match(verdict, /because requests for \w+ ran at the Kubernetes client's limit of 20 a second/);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wasteOf } from '../../../src/analysis/waste/all.ts';
import { Covered } from '../../../src/analysis/waste/covered.ts';
import { remedyOf, remedyText, wasteSentence } from '../../../src/explain/waste-words.ts';
import type { RunSettings } from '../../../src/run/settings.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { jobsRun } from '../../builders/jobs-run.ts';
import { A_HEADER, beginPass, endPass } from '../../builders/traces.ts';

const REMEDIES = [4664, 4668, 4669, 4670, 4673];

/** The main branch with these pull requests; 4670 needs the flags of 4626. */
function branchWith(changes: readonly number[]): string {
  const all = changes.flatMap((one) => (one === 4670 ? [4626, one] : [one]));
  return `latest${all.map((one) => `+${one}`).join('')}`;
}

/** The pull requests that the wastes of a run name. */
function named(mode: string, jobs = '50', settings: Partial<RunSettings> = { jitLatencyUs: 20_000 }): number[] {
  const { trace } = jobsRun(mode, jobs, settings);
  const found = wasteOf(trace).map((waste) => remedyOf(waste, trace.header.release));
  return [...new Set(found.filter((one) => one !== undefined))].sort((a, b) => a - b);
}

describe('The waste detector', () => {
  it('names all five pull requests in a trace of the behaviour before them', () => {
    assert.deepEqual(named('latest'), REMEDIES);
    assert.deepEqual(named('0.14.2'), REMEDIES);
    assert.deepEqual(named('latest', '60', {}), REMEDIES, 'with registrations of 200 ms as well');
  });

  for (const missing of REMEDIES) {
    it(`names ${missing} alone where it alone is missing`, () => {
      assert.deepEqual(named(branchWith(REMEDIES.filter((one) => one !== missing))), [missing]);
    });
  }

  it('finds no waste where all of them are on', () => {
    const mode = branchWith(REMEDIES);
    for (const [jobs, settings] of [
      ['50', { jitLatencyUs: 20_000 }],
      ['60', {}],
      ['30', { pods: 'oom-killed' }],
      ['6', { pods: 'fails-at-start' }],
      ['40', { apiLatencyUs: 20_000 }],
      ['5', {}],
    ] as const) {
      const found = wasteOf(jobsRun(mode, jobs, settings).trace).map(wasteSentence);
      assert.deepEqual(found, [], `${jobs} jobs`);
    }
  });

  it('sees that a sidecar keeps the pod of an ended runner for its grace period', () => {
    const sidecars = { pods: 'oom-killed' } as const;
    const grace = wasteOf(jobsRun('latest', '10', sidecars).trace).find(({ kind }) => kind === 'idle grace');
    assert.equal(grace?.times, 10, 'each pod has a container that outlives its runner');
    assert.match(
      remedyText({ kind: 'idle grace' }, 'latest'),
      /^Pull request 4673 changes that: a finished pod goes at once/,
    );
  });

  it('counts passes that change nothing where they take a good part of the time of the workers', () => {
    const log = new TraceLog(A_HEADER);
    const aPass = (started: number, ended: number, verb: string): void => {
      const pass = beginPass(log, 'ns/runner-1', started);
      log.beginRequest(pass, { to: 'kubernetes', verb, resource: 'secrets', started, throttled: 0 });
      log.endRequest(pass, { ended, status: 200 });
      endPass(log, pass, ended);
    };
    aPass(0, 100, 'create');
    aPass(200, 240, 'get');
    assert.deepEqual(wasteOf(log), [], 'one of two passes in 40 of 140 µs');
    aPass(300, 340, 'get');
    const [waste] = wasteOf(log);
    assert.deepEqual([waste?.kind, waste?.times, waste?.of, waste?.us], ['idle passes', 2, 3, 80]);
    assert.equal(remedyText({ kind: 'idle passes' }), '', 'no pull request is known that changes it');
  });

  it('leads to where each waste was worst', () => {
    const { trace } = jobsRun('latest', '50', { jitLatencyUs: 20_000 });
    for (const { kind, worst, times, of } of wasteOf(trace)) {
      assert.ok(times > 0 && of >= times, `${kind}: ${times} of ${of}`);
      if (worst.pass === undefined) assert.equal(kind, 'late decisions', 'a listener has no passes');
      else assert.equal(trace.pass(worst.pass).object, worst.object, kind);
    }
  });
});

describe('Stretches of time', () => {
  it('cover as much of another one as its microseconds that lie in any of them', () => {
    const span = fc.tuple(fc.nat(40), fc.nat(15)).map(([from, length]) => [from, from + length] as const);
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), span, (spans, [from, to]) => {
        let wanted = 0;
        for (let us = from; us < to; us++) if (spans.some(([a, b]) => us >= a && us < b)) wanted++;
        assert.equal(new Covered(spans).usWithin(from, to), wanted);
      }),
    );
  });
});
